import type { Subject } from '../subject.ts';
import { claude } from './claude.ts';
import { codexOverHttp, codexOverWebSocket } from './codex.ts';
import { gemini } from './gemini.ts';
import { qwen } from './qwen.ts';

/** Everything that can be measured, in the order in which it is shown. */
export const subjects: readonly Subject[] = [claude, codexOverWebSocket, codexOverHttp, gemini, qwen];
