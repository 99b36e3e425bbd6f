// Commands that come from the schema: a tool for each drawn field, a key for each label, option and attribute.

import { type Command, command } from '../../engine/command'
import type { CanvasKind, Paint } from '../../engine/kind'
import type { Field } from '../../engine/schema'
import type { Annotation, Json } from '../../engine/types'
import { drawnFields, formFields, listedLabels } from './fields'
import { cutCommands } from './cutting'
import { m } from './messages'
import type { Screen } from './screen'

const hasWork = (s: Screen): boolean => s.work !== null && s.dialog === null
/** Where a field is asked now, as its conditions hold. */
const hasAsked = (field: Field) => (s: Screen): boolean => hasWork(s) && s.work?.isAskedOn(field, null) === true

export function toolCommands(screen: Screen): Command<Screen>[] {
  const seen = new Set<string>()
  return drawnFields(screen).flatMap((field) => {
    const kind = screen.kinds.get(field.kind)
    if (!kind || kind.surface === 'form' || kind.surface === 'link') return []
    // Two fields of one kind share a tool's key only for the first of them.
    const keys = seen.has(kind.tool.key) ? [] : [kind.tool.key]
    seen.add(kind.tool.key)
    const title = drawnFields(screen).filter((f) => f.kind === field.kind).length > 1 ? field.title : kind.tool.title
    return [command<Screen>({ id: `tool.${field.key}`, title, group: m.groups.draw, keys, icon: kind.tool.icon, when: hasAsked(field), run: (s) => s.tools.take(field.key) })]
  })
}

/** What else the kinds on this screen can do with a shape: holes and parts, corners taken back, removed, drawn to others. */
export function shapeCommands(screen: Screen): Command<Screen>[] {
  const kinds = [...new Set(drawnFields(screen).map((f) => screen.kinds.get(f.kind)))].filter((kind) => kind?.surface === 'canvas')
  const joined = [...kinds, ...new Set(drawnFields(screen).map((f) => screen.kinds.get(f.kind)).filter((kind) => kind?.surface === 'text'))]
  const joins = joined.flatMap((kind) =>
    (kind.joins ?? []).map((join) =>
      command<Screen>({ id: `join.${kind.name}.${join.id}`, title: join.title, group: m.groups.selected, keys: [join.key], icon: join.icon, when: (s) => hasWork(s) && s.single?.annotation.kind === kind.name && (join.isOpen?.(s.single.annotation.value, s.single.field) ?? true), run: (s) => s.tools.redraw(join.id) }),
    ),
  )
  const acts = kinds.flatMap((kind) =>
    (kind.acts ?? []).map((act) =>
      command<Screen>({ id: `act.${kind.name}.${act.id}`, title: act.title, group: m.groups.selected, keys: [act.key], icon: act.icon, mode: 'selected', when: (s) => hasWork(s) && s.single?.annotation.kind === kind.name, run: (s) => s.surface?.act?.(act.id) }),
    ),
  )
  const sayings = kinds.flatMap((kind) =>
    (kind.sayings ?? []).map((saying) =>
      command<Screen>({ id: `say.${kind.name}.${saying.id}`, title: saying.title, group: m.groups.draw, keys: saying.keys, mode: 'drawing', when: (s) => hasWork(s) && s.surface?.hears?.(kind.name, saying.id) === true, run: (s) => s.surface?.say?.(saying.id) }),
    ),
  )
  return [
    ...joins,
    ...acts,
    ...sayings,
    ...cutCommands(kinds.filter((kind) => kind !== undefined)),
    ...(kinds.some((kind) => kind.turn) ? TURNS : []),
    ...(kinds.some((kind) => kind.clicks === 'many') ? [BACK] : []),
    ...(kinds.some((kind) => kind.snaps) ? [SNAP, BORDERS, OTHER_WAY] : []),
    ...(kinds.some((kind) => kind.removeHandle) ? [REMOVE_CORNER] : []),
  ]
}

const turns = (s: Screen): boolean => hasWork(s) && s.selected.some((a) => turnOf(s, a) !== null)

function turnOf(s: Screen, annotation: Annotation): CanvasKind['turn'] | null {
  const kind = s.kinds.get(annotation.kind)
  return (kind?.surface === 'canvas' && kind.turn) || null
}

function turn(s: Screen, degrees: number): void {
  s.work?.setValues(new Map(s.selected.flatMap((a) => {
    const turned = turnOf(s, a)
    return turned ? [[a.id, turned(a.value, degrees)] as const] : []
  })))
}

/** By keys as fine as a degree; by the handle as fine as the picture is large. */
const TURNS = [
  command<Screen>({ id: 'selected.left', title: m.commands.turnLeft(1), group: m.groups.selected, keys: ['<'], icon: 'undo', when: turns, run: (s) => turn(s, -1) }),
  command<Screen>({ id: 'selected.right', title: m.commands.turnRight(1), group: m.groups.selected, keys: ['>'], icon: 'redo', when: turns, run: (s) => turn(s, 1) }),
  command<Screen>({ id: 'selected.farLeft', title: m.commands.turnLeft(15), group: m.groups.selected, keys: ['{'], when: turns, run: (s) => turn(s, -15) }),
  command<Screen>({ id: 'selected.farRight', title: m.commands.turnRight(15), group: m.groups.selected, keys: ['}'], when: turns, run: (s) => turn(s, 15) }),
]
const BACK = command<Screen>({ id: 'draw.back', title: m.commands.back, group: m.groups.draw, keys: ['Backspace', 'Ctrl+Z'], icon: 'undo', mode: 'drawing', when: (s) => hasWork(s) && s.surface?.doing() === 'drawing', run: (s) => s.surface?.back() })
const SNAP = command<Screen>({ id: 'draw.snap', title: m.commands.snapping, group: m.groups.draw, keys: ['Shift+S'], icon: 'smart', when: hasWork, run: (s) => s.view.set({ snaps: !s.view.state.snaps }) })
const BORDERS = command<Screen>({ id: 'draw.borders', title: m.commands.borders, group: m.groups.draw, keys: ['Alt+B'], icon: 'border', when: hasWork, run: (s) => s.view.set({ borders: !s.view.state.borders }) })
const OTHER_WAY = command<Screen>({ id: 'draw.otherWay', title: m.commands.otherWay, group: m.groups.draw, keys: ['R'], mode: 'drawing', when: (s) => hasWork(s) && s.view.state.borders && s.surface?.doing() === 'drawing', run: (s) => s.surface?.otherWay?.() })
const REMOVE_CORNER = command<Screen>({ id: 'corner.remove', title: m.commands.removeCorner, group: m.groups.selected, keys: ['Del', 'Backspace'], icon: 'trash', mode: 'corner', when: (s) => hasWork(s) && s.surface?.doing() === 'corner', run: (s) => s.surface?.removeCorner() })

/** What a tool that paints can do: brush and other ways, the eraser, sizes. */
export function paintCommands(screen: Screen): Command<Screen>[] {
  const painted = drawnFields(screen).find((f) => paintOf(screen, f) !== null)
  const paint = painted && paintOf(screen, painted)
  if (!painted || !paint) return []
  const isPainting = (s: Screen): boolean => hasWork(s) && paintOfTool(s) !== null
  const set = (s: Screen, way: string | null): void => {
    if (paintOfTool(s) === null) s.tools.take(painted.key)
    s.view.set({ brush: { ...s.view.state.brush, way } })
  }
  return [
    command<Screen>({ id: 'paint.brush', title: m.commands.brush, group: m.groups.draw, keys: ['Shift+D'], icon: 'brush', when: hasWork, run: (s) => set(s, null) }),
    ...paint.ways.map((way) => command<Screen>({ id: `paint.${way.id}`, title: way.title, group: m.groups.draw, keys: [way.key], icon: way.icon, when: hasWork, run: (s) => set(s, way.id) })),
    command<Screen>({ id: 'paint.alike', title: m.commands.alike, group: m.groups.draw, keys: ['Shift+F'], icon: 'smart', when: hasWork, run: (s) => set(s, 'alike') }),
    command<Screen>({ id: 'paint.pieces', title: m.commands.pieces, group: m.groups.draw, keys: ['Shift+Z'], icon: 'pieces', when: hasWork, run: (s) => set(s, 'pieces') }),
    command<Screen>({ id: 'paint.eraser', title: m.commands.eraser, group: m.groups.draw, keys: ['E'], icon: 'eraser', when: isPainting, run: (s) => s.view.set({ brush: { ...s.view.state.brush, erases: !s.view.state.brush.erases } }) }),
    command<Screen>({ id: 'paint.smaller', title: m.commands.smaller, group: m.groups.draw, keys: ['['], when: isPainting, run: (s) => s.surface?.resizeBrush?.(-1) }),
    command<Screen>({ id: 'paint.larger', title: m.commands.larger, group: m.groups.draw, keys: [']'], when: isPainting, run: (s) => s.surface?.resizeBrush?.(1) }),
  ]
}

/** The keys of all that paints. */
export function paintKeys(kind: CanvasKind): readonly string[] {
  return kind.paint ? ['Shift+D', 'Shift+F', 'Shift+Z', 'E', '[', ']', ...kind.paint.ways.map((way) => way.key)] : []
}

function paintOf(screen: Screen, field: Field): Paint<Json> | null {
  const kind = screen.kinds.get(field.kind)
  return (kind?.surface === 'canvas' ? kind.paint : null) ?? null
}

/** How the tool in hand paints; null where it does not. */
export function paintOfTool(screen: Screen): Paint<Json> | null {
  const field = drawnFields(screen).find((f) => f.key === screen.view.state.tool)
  return field === undefined ? null : paintOf(screen, field)
}

export function labelCommands(screen: Screen): Command<Screen>[] {
  return listedLabels(screen).map(({ field, label }) =>
    command<Screen>({
      id: `label.${field.key}.${label.key}`,
      title: m.commands.label(label.title),
      group: m.groups.labels,
      keys: label.hotkey === null ? [] : [label.hotkey],
      mark: label.index,
      when: hasAsked(field),
      run: (s) => s.tools.chooseLabel(field, label),
    }),
  )
}

/** Options with a key each, and fields with one key that steps through their values or opens them. */
export function answerCommands(screen: Screen): Command<Screen>[] {
  return formFields(screen).flatMap((field) => {
    const kind = screen.kinds.get(field.kind)
    const keys = screen.fieldKeys.get(field.key)
    if (kind?.surface !== 'form' || keys === undefined || field.each !== null) return []
    const options = kind.keys(field).map((option) =>
      command<Screen>({
        id: `answer.${field.key}.${option.value}`,
        title: m.commands.option(field.title, option.title),
        group: m.groups.answers,
        keys: keys.options[option.value] ? [keys.options[option.value] ?? ''] : [],
        mode: 'idle',
        when: hasAsked(field),
        run: (s) => s.work?.setAnswer(field, kind.press(field, s.work.answer(field), option.value, s.work.partsOf(field), s.view.state.here)),
      }),
    )
    if (options.length > 0) return options
    const named = kind.values(field).map((option) =>
      command<Screen>({ id: `answer.${field.key}.${option.value}`, title: m.commands.option(field.title, option.title), group: m.groups.answers, keys: [], when: hasAsked(field), run: (s) => s.work?.setAnswer(field, kind.press(field, s.work.answer(field), option.value)) }),
    )
    return [
      ...named,
      command<Screen>({
        id: `answer.${field.key}`,
        title: m.commands.field(field.title),
        group: m.groups.answers,
        keys: keys.field === null ? [] : [keys.field],
        mode: 'idle',
        when: hasAsked(field),
        run: (s) => {
          const next = kind.press(field, s.work?.answer(field), null)
          if (next === undefined) openControl(`answer-${field.key}`, s)
          else s.work?.setAnswer(field, next)
        },
      }),
    ]
  })
}

/** Answers about what is selected: one shape or many, all in one step. */
export function attributeCommands(screen: Screen): Command<Screen>[] {
  const { subject } = screen
  if (subject === null) return []
  const isMeant = (s: Screen): boolean => hasWork(s) && s.subject?.field.key === subject.field.key
  return subject.attributes.flatMap((attribute) => {
    const kind = screen.kinds.get(attribute.kind)
    const keys = subject.keys.get(attribute.key)
    if (kind?.surface !== 'form' || keys === undefined) return []
    const named = kind.values(attribute).map((option) =>
      command<Screen>({
        id: `attribute.${subject.field.key}.${attribute.key}.${option.value}`,
        title: m.commands.option(attribute.title, option.title),
        group: m.groups.selected,
        keys: [],
        detail: () => null,
        when: isMeant,
        run: (s) => s.setAttribute(attribute.key, kind.press(attribute, undefined, option.value)),
      }),
    )
    return [
      ...named,
      command<Screen>({
        id: `attribute.${subject.field.key}.${attribute.key}`,
        title: m.commands.attribute(attribute.title),
        group: m.groups.selected,
        keys: keys.field === null ? [] : [keys.field],
        mode: 'selected',
        when: isMeant,
        run: (s) => {
          const next = kind.press(attribute, s.attributeOf(attribute.key), null)
          if (next === undefined) openControl(`attribute-${attribute.key}`, s)
          else s.setAttribute(attribute.key, next)
          s.view.set({ pointed: attribute.key })
        },
      }),
    ]
  })
}

/** Moves the focus into a control; a search opens at once. */
function openControl(id: string, s: Screen): void {
  if (!s.choices.panelOpen) s.choices.togglePanel()
  requestAnimationFrame(() => {
    // A popover gives its control an id of its own.
    const control = document.querySelector<HTMLElement>(`[data-control="${id}"]`) ?? document.getElementById(id)
    if (control instanceof HTMLButtonElement) control.click()
    else if (control?.matches('input, textarea')) control.focus()
    else control?.querySelector<HTMLElement>('button[tabindex="0"], button')?.focus()
  })
}
