import type { Script } from './script.ts';

/**
 * The script with its calls under the names that the request declares: whoever writes `get_weather` means that tool, also
 * where the client's program shows it to the model as `something_get_weather`.
 */
export function underDeclaredNames(script: Script, declared: readonly string[]): Script {
  return script.map((step) => (step.type === 'call' ? { ...step, name: declaredName(step.name, declared) } : step));
}

function declaredName(name: string, declared: readonly string[]): string {
  if (declared.includes(name)) return name;
  const meant = declared.filter((one) => one.endsWith(`_${name}`));
  return meant.length === 1 ? (meant[0] as string) : name;
}
