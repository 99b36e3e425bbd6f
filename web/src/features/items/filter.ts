// Conditions in words, and what each kind of condition can be asked.
import type { AuthorRef, Condition, Facets, Filter, ItemState, SchemaDocument } from '../../api'
import { format } from '../../ui'
import { m } from './messages'

export type ConditionKind = 'state' | 'metadata' | 'tag' | 'author' | 'not_author' | 'label' | 'answer' | 'responses' | 'key' | 'text' | 'ids'

export function kindOf(condition: Condition): ConditionKind {
  // A condition is an object with exactly one key, which names its kind.
  return Object.keys(condition)[0] as ConditionKind
}

/** Whether the form of conditions can change it; others came with a number that was opened, and can only be taken out. */
export function isEdited(condition: Condition): boolean {
  return !['ids', 'stage', 'changed', 'answered', 'reviewed', 'differ', 'disagreement'].includes(kindOf(condition))
}

/** What a condition is about, and what it asks, as the two halves of a chip. */
export function describe(condition: Condition, facets: Facets | undefined, schema: SchemaDocument | undefined): { name: string; value: string } {
  const person = (id: string) => facets?.authors.find((a: AuthorRef) => a.id === id)?.name ?? id.slice(0, 8)
  const titled = (field: string, label: string) => {
    const f = schema?.fields[field]
    return (f?.labels ?? f?.options)?.[label]?.title || label
  }
  if ('state' in condition) return { name: m.state.toLowerCase(), value: condition.state.map((s) => m.states[s].toLowerCase()).join(', ') }
  if ('stage' in condition) return { name: m.stage, value: condition.stage.join(', ') }
  if ('changed' in condition) return { name: m.lastChanged, value: between(condition.changed) }
  if ('answered' in condition) {
    const { author, state } = condition.answered
    return { name: state === 'skipped' ? m.skippedBy : m.answeredBy, value: [author && person(author), between(condition.answered)].filter(Boolean).join(', ') || m.anybody }
  }
  if ('reviewed' in condition) {
    const { verdict, author, reviewer } = condition.reviewed
    return { name: verdict ? m.verdicts[verdict] : m.reviewed, value: [author && person(author), reviewer && m.by(person(reviewer)), between(condition.reviewed)].filter(Boolean).join(', ') || m.anybody }
  }
  if ('differ' in condition) {
    const { a, b, field, label } = condition.differ
    return { name: m.differ(schema?.fields[field]?.title || field), value: `${person(a)}, ${person(b)}${label ? `, ${titled(field, label)}` : ''}` }
  }
  if ('disagreement' in condition) return { name: m.disagreement, value: asked(condition.disagreement.op, condition.disagreement.value) }
  if ('metadata' in condition) return { name: condition.metadata.key, value: asked(condition.metadata.op, condition.metadata.value) }
  if ('tag' in condition) return { name: m.tag.toLowerCase(), value: condition.tag }
  if ('author' in condition) return { name: m.kinds['author']?.toLowerCase() ?? '', value: person(condition.author) }
  if ('not_author' in condition) return { name: m.kinds['not_author']?.toLowerCase() ?? '', value: person(condition.not_author) }
  if ('label' in condition) {
    const { field, label, author } = condition.label
    return { name: schema?.fields[field]?.title || field, value: `${titled(field, label)}${author ? ` ${m.by(person(author))}` : ''}` }
  }
  if ('answer' in condition) {
    const { field, op, value } = condition.answer
    return { name: schema?.fields[field]?.title || field, value: op === 'eq' && typeof value === 'string' ? titled(field, value) : asked(op, value) }
  }
  if ('responses' in condition) return { name: m.responses.toLowerCase(), value: asked(condition.responses.op, condition.responses.value) }
  if ('key' in condition) return { name: m.name.toLowerCase(), value: asked(condition.key.op, condition.key.value) }
  if ('text' in condition) return { name: m.kinds['text']?.toLowerCase() ?? '', value: `“${condition.text.contains}”` }
  return { name: m.kinds['ids']?.toLowerCase() ?? '', value: m.nItems(condition.ids.length) }
}

/** Days as they are read: one, from one to another, or an open end. */
function between({ since, until }: { since?: string; until?: string }): string {
  if (since && until) return since === until ? format.day(since) : m.days(format.day(since), format.day(until))
  return since ? m.sinceDay(format.day(since)) : until ? m.untilDay(format.day(until)) : ''
}

function asked(op: string, value: unknown): string {
  if (op === 'exists') return m.ops['exists'] ?? ''
  const said = Array.isArray(value) ? value.join(', ') : String(value)
  return op === 'eq' ? said : `${m.ops[op] ?? op} ${said}`
}

/** A value as it was typed: numbers and truth values become such, everything else stays text. */
export function typed(text: string): string | number | boolean {
  const trimmed = text.trim()
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true'
  return trimmed !== '' && Number.isFinite(Number(trimmed)) && String(Number(trimmed)) === trimmed ? Number(trimmed) : text
}

/** The filter with the quick search put in, changed or taken out. */
export function withSearch(filter: Filter, words: string): Filter {
  const others = filter.all.filter((c) => !('text' in c))
  return { all: words.trim() ? [...others, { text: { contains: words.trim() } }] : others }
}

export function searchOf(filter: Filter): string {
  const found = filter.all.find((c) => 'text' in c)
  return found && 'text' in found ? found.text.contains : ''
}

/** What came in the address, as far as it is a filter. */
export function readFilter(given: unknown): Filter {
  if (typeof given !== 'object' || given === null || !('all' in given) || !Array.isArray(given.all)) return { all: [] }
  return { all: given.all.filter((c): c is Condition => typeof c === 'object' && c !== null && Object.keys(c).length === 1) }
}

export const STATES: readonly ItemState[] = ['open', 'labeled', 'review', 'done']
export const toneOf = { open: undefined, labeled: 'info', review: 'warn', done: 'ok' } as const
