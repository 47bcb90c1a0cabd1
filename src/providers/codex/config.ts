import { keyVariable } from './environment.ts';
import type { Endpoint } from './settings.ts';

type Value = string | number | boolean | { [key: string]: Value };

/** Everything of Codex that acts, looks around, remembers or calls home: a chat API has none of it. */
const featuresOff = [
  'shell_tool',
  'unified_exec',
  'view_image',
  'apps',
  'plugins',
  'plugin_sharing',
  'remote_plugin',
  'hooks',
  'goals',
  'memories',
  'image_generation',
  'browser_use',
  'browser_use_external',
  'in_app_browser',
  'computer_use',
  'sleep_tool',
  'shell_snapshot',
  'skill_search',
  'skill_mcp_dependency_install',
  'tool_suggest',
  'tool_call_mcp_elicitation',
  'workspace_dependencies',
  'guardian_approval',
  'auth_elicitation',
  // With it a turn never fails while the network is down.
  'unbounded_connection_retries',
];

const locks: Record<string, Value> = {
  approval_policy: 'never',
  sandbox_mode: 'read-only',
  web_search: 'disabled',
  include_permissions_instructions: false,
  include_apps_instructions: false,
  include_collaboration_mode_instructions: false,
  include_environment_context: false,
  project_doc_max_bytes: 0,
  'skills.include_instructions': false,
  'skills.bundled.enabled': false,
  'agents.enabled': false,
  'tools.update_plan': { enabled: false },
  'tools.experimental_request_user_input': { enabled: false },
  'analytics.enabled': false,
  'feedback.enabled': false,
  'history.persistence': 'none',
  check_for_update_on_startup: false,
  cli_auth_credentials_store: 'file',
  // What a tool gave back is the caller's: none of it is cut.
  tool_output_token_limit: 10_000_000,
  // A thread that nobody listens to is dropped at once.
  thread_unload_delay_secs: 0,
  ...Object.fromEntries(featuresOff.map((feature) => [`features.${feature}`, false])),
};

/** Settings that hold for every run of the program, as its arguments. */
export const lockArguments = toArguments(locks);

export interface ServerFiles {
  /** The models as Codex is to see them; its own list where absent. */
  catalog?: string;
  /** A folder for its databases. */
  databases: string;
}

/** The settings of a server beside the locks, as its arguments. No secret is among them. */
export function serverArguments(endpoint: Endpoint, files: ServerFiles, timeoutMs: number): string[] {
  return toArguments({
    ...(files.catalog !== undefined && { model_catalog_json: files.catalog }),
    sqlite_home: files.databases,
    model_provider: 'gateway',
    'model_providers.gateway': {
      // Under this name, and without an address, the program routes as it does for its own login.
      name: endpoint.baseUrl === undefined ? 'OpenAI' : 'gateway',
      wire_api: 'responses',
      ...(endpoint.baseUrl === undefined ? { requires_openai_auth: true } : { base_url: endpoint.baseUrl }),
      ...(endpoint.apiKey !== undefined && { env_key: keyVariable }),
      supports_websockets: endpoint.websocket,
      // A second try is the caller's to decide; after some text it would say that text again.
      request_max_retries: 0,
      stream_max_retries: 0,
      stream_idle_timeout_ms: timeoutMs,
    },
  });
}

function toArguments(settings: Record<string, Value>): string[] {
  return Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${toToml(value)}`]);
}

/** JSON's strings, numbers and booleans are TOML's as well; tables are not. */
function toToml(value: Value): string {
  if (typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, member]) => `${key}=${toToml(member)}`)
    .join(',')}}`;
}
