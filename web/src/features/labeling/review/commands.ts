// What can be done on the screens of review, as records: its own keys, and those of labeling that hold here too.

import { type Command, command } from '../../../engine/command'
import { commandsOf } from '../commands'
import type { Screen } from '../screen'
import { CONSENSUS } from './layers'
import type { Judging } from './judging'
import { m } from './messages'

/** Labeling's own ends, which a review does not have. */
const LEFT_OUT = new Set(['labeling.submit', 'labeling.previous', 'labeling.skip', 'labeling.recent', 'labeling.accept', 'labeling.undo', 'labeling.repeat'])
/** What may be done while an answer is only looked at. */
const LOOKS = /^(view|go)\.|^draw\.(select|pan|ruler|cancel)$|^selected\.(next|previous|hide)$/

/** All commands; `judging` is there as soon as the first of them can be called. */
export function reviewCommands(screen: Screen, judging: () => Judging): Command<Screen>[] {
  const looking = (s: Screen): boolean => s.work !== null && s.dialog === null && !judging().isFixing
  const fixing = (s: Screen): boolean => s.work !== null && s.dialog === null && judging().isFixing
  const judges = (s: Screen): boolean => looking(s) && !judging().isAdjudication
  const one = (id: string, title: string, keys: readonly string[], icon: string, when: (s: Screen) => boolean, run: () => void): Command<Screen> =>
    command<Screen>({ id: `review.${id}`, title, group: m.groups.review, keys, icon, when, run })
  const layerAt = (n: number) => judging().layers[n] ?? null
  const adjudicates = (s: Screen): boolean => looking(s) && judging().isAdjudication
  const hasMany = (): boolean => judging().layers.length > 1
  const own = [
    one('accept', m.accept, ['A'], 'check', judges, () => judging().accept()),
    one('reject', m.reject, ['R'], 'left', judges, () => judging().ask('reject')),
    one('fix', m.fix, ['F'], 'pencil', looking, () => judging().fix()),
    one('defect', m.noteDefect, ['D'], 'flag', judges, () => judging().ask('note')),
    one('hand-in', m.handInFix, ['Space', 'Ctrl+Enter'], 'check', (s) => fixing(s) && s.surface?.doing() !== 'drawing', () => judging().handInFix()),
    one('drop', m.dropFix, ['Alt+Backspace'], 'trash', fixing, () => void judging().dropFix()),
    one('next', m.nextAnswer, [']'], 'cr', (s) => looking(s) && hasMany(), () => judging().step(1)),
    one('previous', m.previousAnswer, ['['], 'cl', (s) => looking(s) && hasMany(), () => judging().step(-1)),
    one('difference', m.nextDifference, ['N'], 'cd', (s) => s.work !== null && s.dialog === null && judging().differences.length > 0, () => judging().goDifference(judging().at + 1)),
    one('difference-before', m.previousDifference, ['Shift+N'], 'cu', (s) => s.work !== null && s.dialog === null && judging().differences.length > 0, () => judging().goDifference(judging().at - 1)),
    one('gold', m.makeGold, ['G'], 'star', (s) => looking(s) && judging().mayGold, () => judging().nextGold()),
    one('together', m.together, ['O'], 'layers', (s) => looking(s) && hasMany(), () => judging().toggleTogether()),
    one('leave', m.leave, ['X'], 'skip', looking, () => void screen.session.giveBack()),
    // Under labeling's own name: the button beside the surface calls it so.
    { ...one('undo', m.undoText, ['Ctrl+Z'], 'undo', (s) => s.dialog === null && (s.session.submitted !== null || s.work?.canUndo === true), () => (screen.work?.canUndo ? void screen.work.undo() : void screen.session.undoSubmit())), id: 'labeling.undo' },
    one('consensus', m.take(m.consensus), ['M'], 'merge', (s) => adjudicates(s) && judging().layers.some((layer) => layer.key === CONSENSUS), () => judging().decide(judging().layers.find((layer) => layer.key === CONSENSUS) ?? null)),
    ...Array.from({ length: 9 }, (_, n) => one(`take.${n + 1}`, m.take(String.fromCharCode(65 + n)), [String(n + 1)], 'check', (s) => adjudicates(s) && layerAt(n)?.answer != null, () => judging().decide(layerAt(n)))),
    ...Array.from({ length: 9 }, (_, n) => one(`show.${n + 1}`, m.showAnswer(String.fromCharCode(65 + n)), [`Shift+${n + 1}`], 'eye', (s) => looking(s) && hasMany() && layerAt(n) !== null, () => judging().show(layerAt(n)?.key ?? null))),
    ...Array.from({ length: 9 }, (_, n) => one(`pick.${n + 1}`, m.pickFrom(String.fromCharCode(65 + n)), [`Alt+${n + 1}`], 'check', (s) => fixing(s) && judging().at >= 0 && layerAt(n) !== null, () => { const layer = layerAt(n); if (layer) judging().pick(layer) })),
  ]
  const theirs = commandsOf(screen)
    .filter(({ id }) => !LEFT_OUT.has(id))
    .map((given) => (LOOKS.test(given.id) ? given : { ...given, when: (s: Screen) => fixing(s) && given.when(s) }))
  return [...own, ...theirs]
}
