import type { JsonObject } from '../json.ts';

/** Which quota is spent. Nobody has to wait longer than a minute for that of a minute. */
export function quotaDetails(model = '', retryAfter = 0): readonly JsonObject[] {
  const period = retryAfter > 60 ? 'Day' : 'Minute';
  const violation = {
    quotaMetric: 'generativelanguage.googleapis.com/generate_content_free_tier_requests',
    quotaId: `GenerateRequestsPer${period}PerProjectPerModel-FreeTier`,
    quotaDimensions: { location: 'global', model },
    quotaValue: '10',
  };
  const link = {
    description: 'Learn more about Gemini API quotas',
    url: 'https://ai.google.dev/gemini-api/docs/rate-limits',
  };
  return [
    { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [violation] },
    { '@type': 'type.googleapis.com/google.rpc.Help', links: [link] },
  ];
}
