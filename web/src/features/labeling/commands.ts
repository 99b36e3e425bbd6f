// Everything that can be done on the labeling screen, as records.

import { type Command, command } from '../../engine/command'
import type { Kinds } from '../../engine/check'
import { Failure, failureOf } from '../../engine/failure'
import type { Schema } from '../../engine/schema'
import { CHANNELS, isPlain, PLAIN } from '../../engine/tone'
import { SHOWN, type Snap } from '../../engine/view'
import { besideCard, cardCommands } from './cards'
import { answerCommands, attributeCommands, labelCommands, paintCommands, paintKeys, shapeCommands, toolCommands } from './commands-schema'
import { clusterCommands, clusterKeys } from './clusters/clustering'
import { cutKeys } from './cutting'
import { cellCommands } from './cell-commands'
import { editCommands } from './editing'
import { drawnFields, listedLabels } from './fields'
import { linkCommands } from './linking'
import { m } from './messages'
import { suggestCommands, suggestKeys } from './suggest/suggestions'
import { walkCommands } from './walk'
import type { Screen } from './screen'
import { VEIL_COMMANDS } from './veils'

const t = m.commands
const g = m.groups
const hasWork = (s: Screen): boolean => s.work !== null && s.dialog === null
const hasSelection = (s: Screen): boolean => hasWork(s) && s.view.state.selection.size > 0
const isDrawing = (s: Screen): boolean => s.surface?.doing() === 'drawing'
const hasCanvas = (s: Screen): boolean => hasWork(s) && s.schema.streams.some((stream) => stream.kind === 'image' || stream.kind === 'document')
const hasText = (s: Screen): boolean => drawnFields(s).some((f) => s.kinds.get(f.kind)?.surface === 'text')
const nextSnap = (snap: Snap): Snap => (snap === 'char' ? 'word' : snap === 'word' ? 'sentence' : 'char')
const selectionName = (s: Screen): string | null => {
  const { single } = s
  if (single === null) return s.selected.length > 1 ? m.selectedMany(s.selected.length) : null
  return `${single.field.labels.find((l) => l.key === single.annotation.label)?.title ?? ''} ${s.work?.store.numberOf(single.annotation.id) ?? ''}`.trim()
}

const fixed: readonly Command<Screen>[] = [
  command<Screen>({ id: 'labeling.submit', title: t.submit, group: g.answer, keys: ['Space', 'Ctrl+Enter'], icon: 'check', when: (s) => s.work !== null && s.dialog === null && !isDrawing(s), run: (s) => s.submit() }),
  command<Screen>({ id: 'labeling.previous', title: t.previous, group: g.answer, keys: ['Shift+Space'], icon: 'left', when: (s) => s.dialog === null, run: (s) => void openPrevious(s) }),
  command<Screen>({ id: 'labeling.skip', title: t.skip, group: g.answer, keys: ['X'], icon: 'skip', when: (s) => hasWork(s) && !s.work?.isFinal, run: (s) => s.open('skip') }),
  command<Screen>({ id: 'labeling.accept', title: t.accept, group: g.answer, keys: ['Shift+Enter'], icon: 'check', when: (s) => hasWork(s) && !isDrawing(s) && (s.work?.given().length ?? 0) > 0, run: (s) => s.work?.accept() }),
  command<Screen>({ id: 'labeling.recent', title: t.recent, group: g.answer, keys: [], icon: 'clock', when: (s) => s.dialog !== 'recent', run: (s) => s.open('recent') }),
  command<Screen>({ id: 'labeling.undo', title: t.undo, group: g.change, keys: ['Ctrl+Z'], icon: 'undo', when: (s) => canUndo(s), run: undo }),
  command<Screen>({ id: 'labeling.redo', title: t.redo, group: g.change, keys: ['Ctrl+Shift+Z', 'Ctrl+Y'], icon: 'redo', when: (s) => hasWork(s) && s.work?.history.canRedo === true, run: (s) => void s.work?.redo() }),
  command<Screen>({ id: 'draw.select', title: t.select, group: g.draw, keys: ['V'], icon: 'select', when: hasWork, run: (s) => s.tools.take('select') }),
  command<Screen>({ id: 'draw.pan', title: t.pan, group: g.draw, keys: ['H'], icon: 'hand', when: hasCanvas, run: (s) => s.tools.take('pan') }),
  command<Screen>({ id: 'draw.again', title: t.lastTool, group: g.draw, keys: ['N'], icon: 'refresh', when: (s) => hasWork(s) && drawnFields(s).length > 0, run: (s) => s.tools.takeLast() }),
  command<Screen>({ id: 'draw.redraw', title: t.redraw, group: g.draw, keys: ['Shift+N'], icon: 'pencil', detail: selectionName, when: (s) => hasSelection(s) && s.single !== null && drawnFields(s).includes(s.single.field), run: (s) => s.tools.redraw() }),
  command<Screen>({ id: 'draw.enter', title: t.enter, group: g.draw, keys: ['Enter'], when: (s) => hasWork(s) && drawnFields(s).length > 0, run: (s) => (s.occurrences.asked === null ? s.surface?.enter() : s.occurrences.labelAll()) }),
  command<Screen>({ id: 'draw.cancel', title: t.cancel, group: g.draw, keys: ['Esc'], when: (s) => s.dialog === null, run: cancel }),
  command<Screen>({ id: 'selected.next', title: t.next, group: g.selected, keys: ['Tab', '.'], when: hasWork, run: (s) => s.surface?.step(1) }),
  command<Screen>({ id: 'selected.previous', title: t.previousObject, group: g.selected, keys: ['Shift+Tab', ','], when: hasWork, run: (s) => s.surface?.step(-1) }),
  command<Screen>({ id: 'selected.remove', title: t.remove, group: g.selected, keys: ['Del', 'Backspace'], icon: 'trash', detail: selectionName, when: hasSelection, run: (s) => s.work?.remove(s.selected.map((a) => a.id)) }),
  command<Screen>({ id: 'selected.duplicate', title: t.duplicate, group: g.selected, keys: ['Ctrl+D'], icon: 'copy', detail: selectionName, when: hasSelection, run: (s) => s.copies.duplicate() }),
  command<Screen>({ id: 'selected.copy', title: t.copy, group: g.selected, keys: ['Ctrl+C'], icon: 'copy', detail: selectionName, when: hasSelection, run: (s) => s.copies.take() }),
  command<Screen>({ id: 'selected.paste', title: t.paste, group: g.selected, keys: ['Ctrl+V'], when: (s) => hasWork(s) && s.copies.canPaste, run: (s) => s.copies.paste() }),
  command<Screen>({ id: 'selected.all', title: t.selectAll, group: g.selected, keys: ['Ctrl+A'], when: (s) => hasWork(s) && drawnFields(s).length > 0, run: selectAll }),
  command<Screen>({ id: 'selected.up', title: t.up, group: g.selected, keys: ['PageUp'], when: (s) => hasCanvas(s) && hasSelection(s), run: (s) => layer(s, 1) }),
  command<Screen>({ id: 'selected.down', title: t.down, group: g.selected, keys: ['PageDown'], when: (s) => hasCanvas(s) && hasSelection(s), run: (s) => layer(s, -1) }),
  command<Screen>({ id: 'selected.hide', title: t.hide, group: g.selected, keys: ['Shift+H'], icon: 'eyeoff', detail: selectionName, when: hasSelection, run: (s) => s.sight.toggleHidden(s.selected.map((a) => a.id)) }),
  command<Screen>({ id: 'draw.granularity', title: t.snap, group: g.draw, keys: ['J'], icon: 'text', when: (s) => hasWork(s) && hasText(s), run: (s) => s.view.set({ snap: nextSnap(s.view.state.snap) }) }),
  command<Screen>({ id: 'selected.everywhere', title: t.everywhere, group: g.selected, keys: ['Shift+O'], icon: 'search', detail: selectionName, when: (s) => hasSelection(s) && s.single !== null && s.kinds.get(s.single.annotation.kind)?.surface === 'text', run: (s) => (s.occurrences.asked === null ? s.occurrences.find() : s.occurrences.labelAll()) }),
  command<Screen>({ id: 'view.zoom', title: t.zoom, group: g.view, keys: ['Z'], icon: 'fit', when: hasWork, run: (s) => void (s.surface?.zoomToSelection() || s.surface?.fit()) }),
  command<Screen>({ id: 'view.in', title: t.zoomIn, group: g.view, keys: ['+', '='], when: hasCanvas, run: (s) => s.surface?.zoom(1.25) }),
  command<Screen>({ id: 'view.out', title: t.zoomOut, group: g.view, keys: ['-'], when: hasCanvas, run: (s) => s.surface?.zoom(0.8) }),
  command<Screen>({ id: 'view.panel', title: t.panel, group: g.view, keys: ['\\'], icon: 'columns', when: (s) => s.dialog === null, run: (s) => s.choices.togglePanel() }),
  command<Screen>({ id: 'view.panels', title: t.panels, group: g.view, keys: ['F6'], everywhere: true, when: (s) => s.dialog === null, run: () => nextPanel() }),
  command<Screen>({ id: 'view.filter', title: t.filter, group: g.view, keys: ['/'], icon: 'filter', when: (s) => hasWork(s) && drawnFields(s).length > 0, run: (s) => focusFilter(s) }),
  command<Screen>({ id: 'view.labels', title: t.labelMenu, group: g.view, keys: ['`'], icon: 'search', when: (s) => hasWork(s) && listedLabels(s).length > 0, run: (s) => s.open('labels') }),
  command<Screen>({ id: 'view.palette', title: t.palette, group: g.view, keys: ['Ctrl+K'], icon: 'search', everywhere: true, when: () => true, run: (s) => s.open(s.dialog === 'palette' ? null : 'palette') }),
  command<Screen>({ id: 'view.keys', title: t.keys, group: g.view, keys: ['?'], icon: 'keyboard', when: (s) => s.dialog === null || s.dialog === 'keys', run: (s) => s.open(s.dialog === 'keys' ? null : 'keys') }),
  command<Screen>({ id: 'selected.lock', title: t.lock, group: g.selected, keys: ['Alt+L'], icon: 'lock', detail: selectionName, when: hasSelection, run: (s) => s.toggle('locked', s.selected.map((a) => a.id)) }),
  command<Screen>({ id: 'selected.pin', title: t.pin, group: g.selected, keys: ['Alt+P'], icon: 'pin', detail: selectionName, when: (s) => hasCanvas(s) && hasSelection(s), run: (s) => s.toggle('pinned', s.selected.map((a) => a.id)) }),
  command<Screen>({ id: 'selected.unlock', title: t.unlock, group: g.selected, keys: ['Alt+Shift+L'], when: (s) => hasWork(s) && s.view.state.locked.size > 0, run: (s) => s.view.set({ locked: new Set() }) }),
  command<Screen>({ id: 'selected.group', title: t.group, group: g.selected, keys: ['Ctrl+G'], when: (s) => hasWork(s) && s.selected.length > 1, run: (s) => s.work?.setGroup(s.selected.map((a) => a.id), true) }),
  command<Screen>({ id: 'selected.ungroup', title: t.ungroup, group: g.selected, keys: ['Ctrl+Shift+G'], when: (s) => hasGroup(s), run: (s) => s.work?.setGroup(s.selected.map((a) => a.id), false) }),
  command<Screen>({ id: 'selected.wholeGroup', title: t.wholeGroup, group: g.selected, keys: ['Alt+G'], when: (s) => hasGroup(s), run: (s) => s.selectGroups() }),
  command<Screen>({ id: 'draw.ruler', title: t.ruler, group: g.draw, keys: ['Shift+M'], icon: 'ruler', when: hasCanvas, run: (s) => s.tools.take('ruler') }),
  command<Screen>({ id: 'view.tone', title: t.tone, group: g.view, keys: ['Shift+V'], icon: 'contrast', when: hasCanvas, run: (s) => s.togglePopover('tone') }),
  command<Screen>({ id: 'view.layers', title: t.layers, group: g.view, keys: ['Shift+Y'], icon: 'layers', when: (s) => hasWork(s) && drawnFields(s).length > 0, run: (s) => s.togglePopover('layers') }),
  command<Screen>({ id: 'view.invert', title: t.invert, group: g.view, keys: ['Shift+I'], when: hasCanvas, run: (s) => s.choices.setTone({ invert: !s.view.state.tone.invert }) }),
  command<Screen>({ id: 'view.channel', title: t.channel, group: g.view, keys: ['Shift+C'], when: hasCanvas, run: nextChannel }),
  command<Screen>({ id: 'view.grid', title: t.grid, group: g.view, keys: ['Shift+G'], icon: 'grid', when: hasCanvas, run: (s) => s.choices.toggleGrid() }),
  command<Screen>({ id: 'view.plain', title: t.plain, group: g.view, keys: ['Shift+0'], when: (s) => hasCanvas(s) && !isPlain(s.view.state.tone), run: (s) => s.choices.setTone(PLAIN) }),
  ...SHOWN.map((shown, i) => command<Screen>({ id: `view.${shown}`, title: t.shown[shown], group: g.view, keys: [`Alt+${i + 1}`], when: (s) => hasWork(s) && drawnFields(s).length > 0, run: (s) => s.view.set({ shown }) })),
  command<Screen>({ id: 'go.leave', title: t.leave, group: g.go, keys: [], icon: 'home', when: (s) => s.options.onLeave !== null, run: (s) => s.options.onLeave?.() }),
]

/** All commands of a screen with this schema and selection. */
export function commandsOf(screen: Screen): Command<Screen>[] {
  if (screen.schema.card) return besideCard(fixed, cardCommands(screen))
  const askKey = takenByAnswers(screen).has('G') || clusterKeys(screen).includes('G') ? 'Alt+Q' : 'G'
  const ask = command<Screen>({ id: 'labeling.ask', title: t.ask, group: g.answer, keys: [askKey], icon: 'ask', when: (s) => hasWork(s) && s.options.beside !== undefined, run: (s) => s.open('ask') })
  const hand = command<Screen>({ id: 'labeling.hand', title: t.handOver, group: g.answer, keys: [], icon: 'swap', when: (s) => hasWork(s) && s.options.beside !== undefined && s.work?.task.assignment != null, run: (s) => s.open('hand') })
  const repeatKey = takenByAnswers(screen).has('W') ? 'Shift+W' : 'W'
  const repeat = command<Screen>({ id: 'labeling.repeat', title: t.repeat, group: g.answer, keys: [repeatKey], icon: 'refresh', mode: 'idle', when: (s) => hasWork(s) && s.session.lastAnnotations.length > 0, run: (s) => s.copies.repeat() })
  return [...fixed, ...VEIL_COMMANDS, ask, hand, repeat, ...toolCommands(screen), ...shapeCommands(screen), ...paintCommands(screen), ...linkCommands(screen), ...clusterCommands(screen), ...suggestCommands(screen), ...walkCommands(screen), ...labelCommands(screen), ...answerCommands(screen), ...editCommands(screen), ...cellCommands(screen), ...attributeCommands(screen)]
}

function takenByAnswers(screen: Screen): Set<string> {
  return new Set([...screen.fieldKeys.values()].flatMap((keys) => [keys.field, ...Object.values(keys.options)]).filter((key) => key !== null))
}

/** Chords that tools and fixed commands have, so that answers get others. */
export function takenKeys(schema: Schema, kinds: Kinds): ReadonlySet<string> {
  const tools = schema.fields.flatMap((f) => {
    const kind = kinds.get(f.kind)
    if (!kind || kind.surface === 'form') return []
    if (kind.surface !== 'canvas') return [kind.tool.key]
    return [kind.tool.key, ...[...(kind.joins ?? []), ...(kind.acts ?? [])].map((one) => one.key), ...(kind.sayings ?? []).flatMap((saying) => saying.keys), ...paintKeys(kind), ...cutKeys(kind)]
  })
  const labels = schema.fields.flatMap((f) => f.labels.map((l) => l.hotkey)).filter((key) => key !== null)
  return new Set([...fixed.flatMap((c) => c.keys), ...tools, ...clusterKeys({ schema, kinds }), ...suggestKeys({ schema, kinds }), ...labels])
}

/** The item that was handed in before the open one; without a connection, none can be asked for. */
async function openPrevious(s: Screen): Promise<void> {
  const recent = await s.session.recent().catch((error: unknown) => failureOf(error))
  if (recent instanceof Failure) return s.session.wake()
  const open = s.work?.task.item.id
  const at = recent.items.findIndex((r) => r.item === open)
  const previous = recent.items[at + 1]
  if (previous) await s.session.openItem(previous.item)
}

function canUndo(s: Screen): boolean {
  if (s.dialog !== null) return false
  return s.session.submitted !== null || s.work?.canUndo === true
}

/** Right after a submit, before anything was done on the next item, undo takes the submit back. */
function undo(s: Screen): void {
  if (s.work?.canUndo) {
    const ids = s.work.undo() ?? []
    const there = ids.filter((id) => s.work?.store.get(id) !== null && id !== s.work?.store.get(id)?.field && !s.cells.isOf(id))
    if (there.length > 0) s.view.select(...there)
  } else void s.session.undoSubmit()
}

function cancel(s: Screen): void {
  if (s.occurrences.asked !== null) return s.occurrences.close()
  if (s.suggestions.current !== null) return s.suggestions.choose(null)
  if (s.surface?.cancel()) return
  if (s.view.state.redrawn !== null) return s.view.set({ redrawn: null })
  if (s.view.state.selection.size > 0) return s.view.select()
  nextPanel()
}

function hasGroup(s: Screen): boolean {
  return hasSelection(s) && s.selected.some((a) => a.group !== undefined)
}

function nextChannel(s: Screen): void {
  const next = CHANNELS[(CHANNELS.indexOf(s.view.state.tone.channel) + 1) % CHANNELS.length]
  if (next) s.choices.setTone({ channel: next })
}

function selectAll(s: Screen): void {
  const drawn = new Set(drawnFields(s).map((f) => f.key))
  s.view.select(...(s.work?.store.list() ?? []).filter((a) => drawn.has(a.field) && s.view.takes(a.id)).map((a) => a.id))
}

function layer(s: Screen, by: 1 | -1): void {
  s.work?.setLayer(s.selected.map((a) => a.id), by)
}

function focusFilter(s: Screen): void {
  if (!s.choices.panelOpen) s.choices.togglePanel()
  requestAnimationFrame(() => document.querySelector<HTMLInputElement>('.lab [data-filter]')?.focus())
}

/** The panels in their order: surface, panel, header, tools. */
export function nextPanel(): void {
  const panels = ['[data-panel="surface"] [tabindex="0"]', '[data-panel="side"]', '[data-panel="header"]', '[data-panel="rail"]']
    .map((selector) => document.querySelector<HTMLElement>(`.lab ${selector}`))
    .filter((panel) => panel !== null)
  const at = panels.findIndex((panel) => panel.contains(document.activeElement))
  panels[(at + 1) % panels.length]?.focus()
}
