import { type RunOptions, runProgram } from '../../process/run-program.ts';
import { lockArguments } from './config.ts';
import type { Endpoint } from './settings.ts';

/** A model as Codex's own list describes it; what is not read here is passed on as it is. */
export interface CatalogModel {
  slug: string;
  display_name?: string;
  /** `list` for models that are offered. */
  visibility?: string;
  /** The lower, the better a choice. */
  priority?: number;
  supported_reasoning_levels?: { effort: string }[];
  default_reasoning_level?: string | null;
  support_verbosity?: boolean;
  context_window?: number | null;
  input_modalities?: string[];
  /** The model API's short form: without web search, and with one tool call at a time. */
  use_responses_lite?: boolean;
}

export interface Catalog {
  models: CatalogModel[];
}

/** More tokens than any conversation has: the program would summarise a long one, with a call that nobody asked for. */
const endless = 100_000_000;

/**
 * The models that Codex knows, asked for afresh with a login, else as they came with the program. Fails when it does not
 * tell.
 */
export async function readCatalog(executable: string, fresh: boolean, options: RunOptions): Promise<Catalog> {
  const words = ['debug', 'models', ...(fresh ? [] : ['--bundled']), ...lockArguments];
  const { output } = await runProgram(executable, words, options);
  const { models } = JSON.parse(output) as Partial<Catalog>;
  if (!Array.isArray(models)) throw new Error('no list of models');
  return { models };
}

/**
 * The list with nothing between the caller and the model: tools as plain functions instead of scripts, no prompts and
 * tools of Codex's own, nothing cut, nothing summarised. Undefined where the list is to stay as it is.
 */
export function patchCatalog({ models }: Catalog, form: Endpoint['catalog']): Catalog | undefined {
  if (form === 'official') return undefined;
  return {
    models: models.map((model) => {
      const {
        apply_patch_tool_type: _,
        multi_agent_version: __,
        ...kept
      } = model as CatalogModel & Record<string, unknown>;
      return {
        ...kept,
        tool_mode: 'direct',
        ...(form === 'full' && { use_responses_lite: false }),
        base_instructions: '',
        model_messages: null,
        experimental_supported_tools: [],
        supports_search_tool: false,
        // Otherwise images are blown up to their full size.
        supports_image_detail_original: false,
        default_verbosity: 'medium',
        context_window: endless,
        max_context_window: endless,
        effective_context_window_percent: 100,
        truncation_policy: { mode: 'tokens', limit: endless },
      };
    }),
  };
}
