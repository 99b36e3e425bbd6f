// A workflow policy as the page edits it: its shape, its ways out as lists, its conditions one by one, and what to start from.
import { parseDocument, stringify } from 'yaml'
import type { Policy, Problem } from '../../../api'

export type Do = 'label' | 'review' | 'adjudicate' | 'resolve'
export const DOES: readonly Do[] = ['label', 'review', 'adjudicate', 'resolve']
export const VERDICTS = ['accepted', 'fixed', 'rejected'] as const

interface Bound { above?: number; below?: number; field?: string }
export interface When {
  verdict?: string
  agree?: Bound
  differ?: Bound
  tie?: boolean
  risk?: Bound
  skill?: Bound
  answers?: Bound
  metadata?: Record<string, unknown>
}
export interface Edge { to: string; share?: number | null; when?: When | null }
export interface Who { role?: string | null; people?: string[]; groups?: string[]; skills?: string[]; languages?: string[]; language?: string | null }
export interface Stage {
  do: Do
  who?: Who | null
  overlap?: number
  until?: { sure?: number; most?: number } | null
  claim?: string
  edit_until?: string
  queue?: string
  begin?: string
  skip?: { requeue?: string; after?: number | null; then?: string | null }
  by?: string | null
  method?: string | null
  not_own?: boolean
  rework?: string | null
  next?: Edge[] | Record<string, string>
}
export interface Flow { start?: string; stages: Record<string, Stage>; defects?: Record<string, { title?: string; severity?: string }>; skip_reasons?: Record<string, string> }

export const asFlow = (policy: Policy): Flow => policy as unknown as Flow
export const asPolicy = (flow: Flow): Policy => flow as unknown as Policy
export const startOf = (flow: Flow) => flow.start ?? 'label'

/** The ways out of a stage as a list; those by verdict too. */
export function waysOf(stage: Stage): Edge[] {
  const { next } = stage
  if (!next) return []
  return Array.isArray(next) ? next : Object.entries(next).map(([verdict, to]) => ({ to, when: { verdict } }))
}

export type Kind = 'verdict' | 'agree' | 'differ' | 'tie' | 'risk' | 'skill' | 'answers' | 'metadata'
export const KINDS: readonly Kind[] = ['verdict', 'agree', 'differ', 'tie', 'risk', 'skill', 'answers', 'metadata']
/** One condition: of which sort, its number or word, and the field or key it speaks of. */
export interface Condition { kind: Kind; value: string; of: string }

const SIDE = { agree: 'above', differ: 'below', risk: 'above', skill: 'below', answers: 'below' } as const
const FIRST: Record<Kind, string> = { verdict: 'accepted', agree: '0.8', differ: '0.8', tie: 'true', risk: '0.2', skill: '0.8', answers: '50', metadata: '' }

export const newCondition = (kind: Kind): Condition => ({ kind, value: FIRST[kind], of: '' })

/** The conditions of a way that the form can show; null where it says more than the form can. */
export function conditionsOf(when: When | null | undefined): Condition[] | null {
  const found: Condition[] = []
  for (const kind of KINDS) {
    const given = when?.[kind]
    if (given === undefined || given === null) continue
    if (kind === 'verdict' || kind === 'tie') found.push({ kind, value: String(given), of: '' })
    else if (kind === 'metadata') {
      for (const [of, value] of Object.entries(given)) found.push({ kind, value: Array.isArray(value) ? value.join(', ') : String(value), of })
    } else {
      const bound = given as Bound
      const side = SIDE[kind]
      const other = side === 'above' ? bound.below : bound.above
      if (other !== undefined && other !== null) return null
      found.push({ kind, value: String(bound[side] ?? 0.8), of: bound.field ?? '' })
    }
  }
  return found
}

/** The way's conditions as the policy writes them. */
export function whenOf(conditions: readonly Condition[]): When | undefined {
  const when: When = {}
  for (const { kind, value, of } of conditions) {
    if (kind === 'verdict') when.verdict = value
    else if (kind === 'tie') when.tie = value === 'true'
    else if (kind === 'metadata') when.metadata = { ...when.metadata, [of]: wordsOf(value).length > 1 ? wordsOf(value) : scalar(value) }
    else when[kind] = { [SIDE[kind]]: Number(value), ...(of && (kind === 'agree' || kind === 'differ') ? { field: of } : {}) }
  }
  return Object.keys(when).length > 0 ? when : undefined
}

const scalar = (text: string): unknown => (text === 'true' ? true : text === 'false' ? false : /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text)
export const wordsOf = (text: string): string[] => text.split(',').map((word) => word.trim()).filter(Boolean)

/** The flow with a stage changed; undefined values are taken out, so that what is not said stays unsaid. */
export function withStage(flow: Flow, name: string, change: Partial<Stage>): Flow {
  const stage = { ...flow.stages[name], ...change } as Record<string, unknown>
  for (const key of Object.keys(stage)) if (stage[key] === undefined) delete stage[key]
  return { ...flow, stages: { ...flow.stages, [name]: stage as unknown as Stage } }
}

/** The flow with one more way, behind those there are; one that only leads on stays the last, for it always holds. */
export function withWay(flow: Flow, from: string, to: string): Flow {
  const stage = flow.stages[from]
  if (!stage) return flow
  const ways = waysOf(stage)
  if (ways.some((way) => way.to === to && !way.when && (way.share === undefined || way.share === null))) return flow
  const last = ways.at(-1)
  const isLast = last !== undefined && !last.when && (last.share === undefined || last.share === null)
  const made: Edge = isLast && stage.do !== 'review' ? { to, share: 0.5 } : stage.do === 'review' ? { to, when: { verdict: 'rejected' } } : { to }
  return withStage(flow, from, { next: isLast ? [...ways.slice(0, -1), made, last] : [...ways, made] })
}

/** The flow without the ways from one stage to another, nor items sent there after skips. */
export function withoutWays(flow: Flow, from: string, to: string): Flow {
  const stage = flow.stages[from]
  if (!stage) return flow
  const skip = stage.skip?.requeue ? { requeue: stage.skip.requeue } : {}
  return withStage(flow, from, { ...(stage.next ? { next: waysOf(stage).filter((way) => way.to !== to) } : {}), ...(stage.skip?.then === to ? { skip } : {}) })
}

/** The flow with a stage renamed everywhere, or, for null, taken out: ways that led there are gone with it. */
export function renamed(flow: Flow, was: string, name: string | null): Flow {
  const to = (given: string) => (given === was ? name : given)
  const stages = Object.entries(flow.stages).flatMap(([key, stage]): [string, Stage][] => {
    const own = to(key)
    if (own === null) return []
    const ways = waysOf(stage).flatMap((way) => { const there = to(way.to); return there === null ? [] : [{ ...way, to: there }] })
    const then = stage.skip?.then ? to(stage.skip.then) : null
    const skip = stage.skip?.then ? (then === null ? {} : { ...stage.skip, then }) : stage.skip
    return [[own, { ...stage, ...(stage.next ? { next: Array.isArray(stage.next) || name === null ? ways : Object.fromEntries(Object.entries(stage.next).map(([v, t]) => [v, to(t) ?? ''])) } : {}), ...(skip ? { skip } : {}) }]]
  })
  const start = to(startOf(flow)) ?? stages[0]?.[0] ?? 'label'
  return { ...flow, start, stages: Object.fromEntries(stages) }
}

export const toYaml = (flow: Flow): string => stringify(flow, { lineWidth: 100, aliasDuplicateObjects: false })

/** What a text says, or its mistakes with their lines. */
export function fromYaml(text: string): { flow: Flow | null; problems: Problem[] } {
  const doc = parseDocument(text, { version: '1.2', schema: 'core' })
  const problems = doc.errors.map((error): Problem => ({ path: '', expected: error.message.split(' at line ')[0] ?? error.message, do: 'Mend the line; indent with spaces.', line: error.linePos?.[0].line ?? null }))
  const value: unknown = problems.length > 0 ? null : doc.toJS()
  const isFlow = typeof value === 'object' && value !== null && typeof (value as Flow).stages === 'object' && (value as Flow).stages !== null
  if (problems.length === 0 && !isFlow) problems.push({ path: 'stages', expected: 'stages', do: 'Write `stages:` and a stage below it.', line: 1 })
  return { flow: isFlow ? (value as Flow) : null, problems }
}

/** Lines of two texts side by side: what went and what came, by the longest common subsequence. */
export function difference(before: string, after: string): { sign: ' ' | '-' | '+'; line: string }[] {
  const a = before.trimEnd().split('\n')
  const b = after.trimEnd().split('\n')
  const longest = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  const at = (i: number, j: number) => longest[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i -= 1) for (let j = b.length - 1; j >= 0; j -= 1) (longest[i] ?? [])[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const found: { sign: ' ' | '-' | '+'; line: string }[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { found.push({ sign: ' ', line: a[i] ?? '' }); i += 1; j += 1 }
    else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1))) { found.push({ sign: '-', line: a[i] ?? '' }); i += 1 }
    else { found.push({ sign: '+', line: b[j] ?? '' }); j += 1 }
  }
  return found
}
