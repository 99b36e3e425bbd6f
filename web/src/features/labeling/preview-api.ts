// A server that holds one example item and forgets everything.

import type { LabelingApi } from '../../engine/ports'
import type { Schema } from '../../engine/schema'
import type { Task, TaskStream } from '../../engine/types'
import { providePicture } from '../../surfaces/canvas/images'

/** By stream: the text itself, or the address of a picture. */
export type Sample = Readonly<Record<string, { readonly text?: string; readonly url?: string; readonly width?: number; readonly height?: number }>>

const TEXT = 'Ada Lovelace wrote the first program in London, in 1843.\nIt computes Bernoulli numbers on a machine that was never built.'

export function previewApi(schema: Schema, sample: Sample): LabelingApi {
  const compares = !schema.streams.some((s) => s.kind === 'candidates') ? 0 : schema.fields.some((f) => f.options['pairwise'] === true) ? 2 : ANSWERS.length
  const item = { id: 'preview', key: '1', revision: 1, metadata: {}, streams: Object.fromEntries(schema.streams.map((s) => [s.key, streamOf(s.kind, sample[s.key] ?? {}, compares)])) }
  const task: Task = { assignment: null, item, response: { id: 'preview', revision: 1 }, draft: null }
  return {
    claim: async () => [task],
    open: async () => {
      await providePictures(task)
      return task
    },
    renew: async () => ({ until: new Date(Date.now() + 3_600_000).toISOString() }),
    release: async () => undefined,
    draft: async () => null,
    patchDraft: async (_item, seq) => ({ seq: seq + 1 }),
    submit: async () => ({}),
    undoSubmit: async () => undefined,
    mine: async () => ({ items: [], next: null }),
    progress: async () => ({ today: 0, total: 0, left: true }),
    text: async () => TEXT,
    signIn: async () => ({ id: 'preview' }),
  }
}

const RECORD = { columns: ['name', 'born', 'known for'], rows: [['Ada Lovelace', 1815, 'The first program that was published']] }
const PROMPT = 'Which planet is nearest to the sun?'
const ANSWERS = ['Mercury. It goes round the sun in **88 days**, at about 58 million km.', 'The planet that is nearest to the sun is Mercury.', 'That would be Venus, the hottest of all planets.']

function streamOf(kind: string, { text, url, width = 960, height = 640 }: Sample[string], compares: number): TaskStream {
  if (kind === 'dialogue') {
    const turns = [{ role: 'user', content: PROMPT }, ...(compares > 0 ? [] : [{ role: 'assistant', content: ANSWERS[0] }])]
    return { kind, text: text ?? JSON.stringify(turns), facts: { turns: turns.length } }
  }
  if (kind === 'trace') {
    const steps = [{ kind: 'message', role: 'user', text: PROMPT }, { kind: 'thought', text: 'I look it up.' }, { kind: 'call', tool: 'search', arguments: { query: 'planet nearest to the sun' }, result: 'Mercury, 58 million km' }, { kind: 'message', role: 'assistant', text: ANSWERS[1] }]
    return { kind, text: text ?? JSON.stringify(steps), facts: { each: { step: { count: steps.length, roles: ['user', 'thought', 'call', 'assistant'], role: '0123' } } } }
  }
  if (kind === 'tree') {
    const messages = [{ key: 'q', role: 'user', content: PROMPT }, ...ANSWERS.map((content, i) => ({ key: `a${i}`, parent: 'q', role: 'assistant', content }))]
    return { kind, text: text ?? JSON.stringify(messages), facts: { each: { message: { keys: messages.map((one) => one.key), roles: ['user', 'assistant'], role: '0111' } } } }
  }
  if (kind === 'candidates') {
    const answers = ANSWERS.slice(0, compares).map((content, i) => ({ key: String(i + 1), turns: [{ role: 'assistant', content }] }))
    return { kind, text: text ?? JSON.stringify(answers), facts: { parts: answers.map((a) => a.key) } }
  }
  if (kind === 'table') return { kind, text: text ?? JSON.stringify(RECORD), facts: {} }
  if (kind === 'text' && compares > 0) return { kind, text: text ?? PROMPT, facts: { length: PROMPT.length } }
  if (kind === 'text') return { kind, text: text ?? TEXT, facts: { length: [...(text ?? TEXT)].length } }
  return { kind, url: url ?? EXAMPLE, facts: { width, height } }
}

const EXAMPLE = 'example:picture'

/** Draws a quiet scene where there is no picture, so that there is something to draw on. */
async function providePictures(task: Task): Promise<void> {
  const example = Object.values(task.item.streams).find((stream) => stream.url === EXAMPLE)
  if (!example) return
  const { width = 960, height = 640 } = example.facts
  const canvas = new OffscreenCanvas(width, height)
  const ctx = canvas.getContext('2d')
  const shapes = [['#b9cfdf', 0, 0, 1, 0.55], ['#8b8f86', 0, 0.55, 1, 0.45], ['#a58e78', 0.05, 0.15, 0.22, 0.42], ['#7f8d9c', 0.72, 0.08, 0.24, 0.5], ['#4f77a8', 0.34, 0.52, 0.18, 0.16], ['#b4533a', 0.58, 0.46, 0.12, 0.2], ['#3f7d5c', 0.16, 0.56, 0.05, 0.24]] as const
  for (const [colour, x, y, w, h] of ctx ? shapes : []) {
    if (ctx) ctx.fillStyle = colour
    ctx?.fillRect(x * width, y * height, w * width, h * height)
  }
  const size = { width, height }
  providePicture(EXAMPLE, { image: await createImageBitmap(canvas), size, pixels: size })
}
