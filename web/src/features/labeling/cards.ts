// One question a card: which keys answer it, and what an answer does. Each hands the card in, and the next is there.

import { type Command, command } from '../../engine/command'
import { labelOf } from '../../engine/schema'
import type { Work } from '../../engine/work'
import { drawnFields, formFields } from './fields'
import { m } from './messages'
import type { Screen } from './screen'

/** An answer that a card can have. */
export interface CardAnswer {
  readonly id: string
  readonly title: string
  readonly key: string
  /** The place of its colour among the others; null where it has none. */
  readonly mark: number | null
  readonly give: (screen: Screen) => void
}

const ACCEPT = 'A'
const REJECT = 'X'
const IGNORED = 'ignored'

/** The answers of a screen's card, in the order of their buttons; none where it has no card. */
export function cardAnswers(screen: Screen): readonly CardAnswer[] {
  if (!screen.schema.card) return []
  const [field] = formFields(screen)
  const kind = field && screen.kinds.get(field.kind)
  if (field === undefined || kind?.surface !== 'form') return suggestionAnswers()
  const options = kind.values(field)
  const chosen = new Set(options.map((o) => o.key).filter((key) => key !== null))
  const free = (options.length === 2 ? [ACCEPT, REJECT] : ['1', '2', '3', '4', '5', '6', '7', '8', '9']).filter((key) => !chosen.has(key))
  return options.map((option, place) => ({ id: option.value, title: option.title, key: option.key ?? free.shift() ?? '', mark: place, give: (s) => s.work?.setAnswer(field, kind.press(field, undefined, option.value)) }))
}

/** What was suggested on the item is taken as it is, or all of it is wrong. */
function suggestionAnswers(): readonly CardAnswer[] {
  return [
    { id: 'accept', title: m.accept, key: ACCEPT, mark: null, give: (s) => s.work?.accept() },
    { id: 'reject', title: m.reject, key: REJECT, mark: null, give: (s) => s.work?.remove(s.work.store.list().map((a) => a.id)) },
  ]
}

/** A card whose suggestion was rejected shows it again when it is gone back to: else there would be nothing to accept. */
export function suggestAgain(screen: Screen, work: Work | null): void {
  const given = work?.task.given ?? []
  if (work === null || work.isFinal || formFields(screen).length > 0 || given.length === 0 || work.store.list().length > 0) return
  work.become(given)
}

/** What a card asks: the field's question, or whether what is suggested is right. */
export function questionOf(screen: Screen): string {
  const [field] = formFields(screen)
  if (field) return field.title
  const [drawn] = drawnFields(screen)
  const labels = new Set((screen.work?.store.list() ?? []).map((a) => (drawn && labelOf(drawn, a.label)?.title) ?? a.label ?? ''))
  return labels.size === 0 ? m.isNothing : m.isThis([...labels].join(', '))
}

/** The keys of a card, in place of those by which an item is drawn on and handed in. */
export function cardCommands(screen: Screen): Command<Screen>[] {
  const answers = cardAnswers(screen)
  const here = (s: Screen): boolean => s.work !== null && s.dialog === null && !s.work.isFinal
  return [
    ...answers.map((answer) => command<Screen>({ id: `card.${answer.id}`, title: answer.title, group: m.groups.answer, keys: answer.key === '' ? [] : [answer.key], ...(answer.mark === null ? {} : { mark: answer.mark }), when: here, run: (s) => answerCard(s, answer) })),
    command<Screen>({ id: 'card.ignore', title: m.ignore, group: m.groups.answer, keys: ['Space'], icon: 'skip', when: here, run: (s) => s.session.skip({ reason: IGNORED, note: '' }) }),
    command<Screen>({ id: 'card.back', title: m.cardBack, group: m.groups.change, keys: ['Backspace', 'Ctrl+Z'], icon: 'undo', when: (s) => s.dialog === null, run: (s) => void goBack(s) }),
  ]
}

function answerCard(s: Screen, answer: CardAnswer): void {
  answer.give(s)
  s.submit()
}

/** The card before: taken back where it was only just handed in, else opened to be corrected. */
async function goBack(s: Screen): Promise<void> {
  if (s.session.submitted !== null) await s.session.undoSubmit()
  else s.run('labeling.previous')
}

/** Commands of the screen that mean something on a card; those whose keys a card has are kept without them. */
export function besideCard(commands: readonly Command<Screen>[], card: readonly Command<Screen>[]): Command<Screen>[] {
  const taken = new Set(card.flatMap((c) => c.keys))
  const useful = commands.filter((c) => c.id.startsWith('view.') || c.id.startsWith('go.') || KEPT.has(c.id))
  return [...card, ...useful.map((c) => ({ ...c, keys: c.keys.filter((key) => !taken.has(key)) }))]
}

const KEPT = new Set(['labeling.previous', 'labeling.skip', 'labeling.recent', 'draw.cancel'])
