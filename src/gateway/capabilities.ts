import { GatewayError } from '../core/error.ts';
import type { Message, Part } from '../core/message.ts';
import { type Effort, efforts, type GenerateRequest, type Parameter } from '../core/request.ts';
import type { ModelRecord } from '../providers/provider.ts';

const samplingParameters: readonly Parameter[] = ['temperature', 'topP', 'topK'];

/**
 * The request as this model can answer it: settings that it lacks are taken out and listed, an effort that it lacks is
 * replaced by the nearest. Content that it cannot take fails the request: nothing that was said is dropped. `places` says
 * where in the caller's body it stands.
 */
export function applyCapabilities(
  request: GenerateRequest,
  model: ModelRecord,
  places: ReadonlyMap<Part, string>,
): { request: GenerateRequest; ignored: Parameter[] } {
  refuseUntaken(request.messages, model, places);
  const trimmed: GenerateRequest = { ...request };
  const ignored: Parameter[] = [];
  const drop = (parameter: Parameter) => {
    if (trimmed[parameter] === undefined) return;
    delete trimmed[parameter];
    ignored.push(parameter);
  };

  const supported = new Set(model.parameters);
  for (const parameter of Object.keys(trimmed) as (keyof GenerateRequest)[]) {
    if (isParameter(parameter) && !supported.has(parameter)) drop(parameter);
  }
  if (trimmed.effort !== undefined && !model.efforts.includes(trimmed.effort)) {
    const nearest = nearestEffort(trimmed.effort, model.efforts);
    drop('effort');
    if (nearest !== undefined) trimmed.effort = nearest;
  }
  if (!takesSampling(trimmed, model)) samplingParameters.forEach(drop);
  if (!model.samplingTogether && trimmed.temperature !== undefined) drop('topP');
  const stops = model.blankStops ? trimmed.stop : trimmed.stop?.filter((sequence) => sequence.trim() !== '');
  if (stops?.length !== trimmed.stop?.length) {
    drop('stop');
    if (stops && stops.length > 0) trimmed.stop = stops;
  }
  return { request: trimmed, ignored };
}

function takesSampling(request: GenerateRequest, model: ModelRecord): boolean {
  if (model.sampling !== 'without-reasoning') return model.sampling === 'always';
  if (model.reasoning === 'never') return true;
  return request.effort === 'none' || (request.effort === undefined && model.reasoning === 'on-request');
}

/** The closest level there is; of two, the lower. */
function nearestEffort(asked: Effort, available: readonly Effort[]): Effort | undefined {
  const distance = (effort: Effort) => Math.abs(efforts.indexOf(effort) - efforts.indexOf(asked));
  return [...available].sort((a, b) => distance(a) - distance(b) || efforts.indexOf(a) - efforts.indexOf(b))[0];
}

function refuseUntaken(messages: readonly Message[], model: ModelRecord, places: ReadonlyMap<Part, string>): void {
  for (const message of messages) {
    for (const part of message.content) {
      const taken =
        (part.type !== 'image' || model.inputs.images) &&
        (part.type !== 'file' || model.inputs.documents) &&
        (part.type !== 'audio' || model.inputs.audio);
      if (taken) continue;
      throw new GatewayError('invalid-request', `The model ${model.id} takes no ${part.type} content.`, {
        param: places.get(part),
      });
    }
  }
}

const parameterNames: Record<Parameter, true> = {
  effort: true,
  maxOutputTokens: true,
  temperature: true,
  topP: true,
  topK: true,
  stop: true,
  seed: true,
  presencePenalty: true,
  frequencyPenalty: true,
  verbosity: true,
  toolChoice: true,
  parallelToolCalls: true,
  outputFormat: true,
  webSearch: true,
};

function isParameter(name: string): name is Parameter {
  return Object.hasOwn(parameterNames, name);
}
