import { z } from 'zod';
import { isObject } from '../read.ts';

/**
 * An object whose fields the caller may spell in either of two ways, `topP` or `top_p`: errors name the one that is
 * there, what is read has the first. Where both are given the first counts.
 */
export function fields<Shape extends z.ZodRawShape>(shape: Shape): z.ZodType<z.output<z.ZodObject<Shape>>> {
  const names = Object.keys(shape).map((name) => [name, snakeCase(name)] as const);
  const snakeShape = Object.fromEntries(names.map(([name, snake]) => [snake, shape[name] as z.ZodType]));
  const both = z.object({ ...snakeShape, ...shape }).transform((value: Record<string, unknown>) => {
    return Object.fromEntries(names.map(([name, snake]) => [name, value[name] ?? value[snake]]));
  });
  return both as z.ZodType as z.ZodType<z.output<z.ZodObject<Shape>>>;
}

/** One field of an object with the place where it stands, whichever way it is spelled. */
export interface Field {
  /** Undefined where the field is missing or null. */
  value: unknown;
  at: string;
}

/** The field of this name; `at` is the place of its object. */
export function field(object: Record<string, unknown>, name: string, at: string): Field {
  const snake = snakeCase(name);
  const spelled = isGiven(object[name]) || !isGiven(object[snake]) ? name : snake;
  return { value: object[spelled] ?? undefined, at: below(at, spelled) };
}

/** The place of a field in an object. */
export function below(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`;
}

/** The items of a field that holds many; one that stands there alone needs no array around it. */
export function items({ value, at }: Field): Field[] {
  if (Array.isArray(value)) return value.map((item, index) => ({ value: item, at: `${at}[${index}]` }));
  return isObject(value) ? [{ value, at }] : [];
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
