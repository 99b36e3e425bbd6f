// Keys that go from question to question: on each part of a stream, and within a rubric.

import { type Command, command } from '../../engine/command'
import { drawnFields, formFields, hasCells } from './fields'
import { m } from './messages'
import type { Screen } from './screen'

const t = m.cells
const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']

/** Commands of a screen that has such questions; none where it has not. */
export function cellCommands(screen: Screen): Command<Screen>[] {
  if (!formFields(screen).some((field) => hasCells(screen, field))) return []
  const isThere = (s: Screen): boolean => s.work !== null && s.dialog === null && s.cells.list.length > 0
  const isIn = (s: Screen): boolean => isThere(s) && s.cells.now !== null
  // Where something is drawn, Tab goes from thing to thing until a question is taken.
  const walks = (s: Screen): boolean => isThere(s) && (s.cells.now !== null || drawnFields(s).length === 0)
  const group = m.groups.answers
  return [
    command<Screen>({ id: 'cells.next', title: t.next, group, keys: ['Tab'], icon: 'right', mode: 'cell', when: walks, run: (s) => s.cells.step(1) }),
    command<Screen>({ id: 'cells.previous', title: t.previous, group, keys: ['Shift+Tab'], icon: 'left', mode: 'cell', when: walks, run: (s) => s.cells.step(-1) }),
    command<Screen>({ id: 'cells.nextPart', title: t.nextPart, group, keys: ['.'], mode: 'cell', when: walks, run: (s) => s.cells.jump(1) }),
    command<Screen>({ id: 'cells.previousPart', title: t.previousPart, group, keys: [','], mode: 'cell', when: walks, run: (s) => s.cells.jump(-1) }),
    command<Screen>({ id: 'cells.open', title: t.open, group, keys: ['Shift+Enter'], mode: 'cell', when: isThere, run: (s) => void s.cells.goOpen() }),
    command<Screen>({ id: 'cells.write', title: t.write, group, keys: ['Enter'], mode: 'cell', when: isIn, run: focusControl }),
    command<Screen>({ id: 'cells.clear', title: t.clear, group, keys: ['Del', 'Backspace'], mode: 'cell', when: isIn, run: (s) => s.cells.clear() }),
    ...DIGITS.map((digit) => command<Screen>({ id: `cells.${digit}`, title: t.digit(digit), group, keys: [digit], mode: 'cell', quiet: digit !== '1', when: isIn, run: (s) => s.cells.press(Number(digit)) })),
  ]
}

/** Moves the focus into the control of the cell, to write or to choose by arrows. */
function focusControl(s: Screen): void {
  const { now } = s.cells
  if (now === null) return
  const cell = document.querySelector(`[data-cell="${CSS.escape(`${now.field.key}/${now.part ?? ''}`)}"]`)
  const row = now.question === null ? cell : (cell?.querySelector(`[data-question="${CSS.escape(now.question)}"]`) ?? cell)
  row?.querySelector<HTMLElement>('input, textarea, [role="radio"][tabindex="0"], button')?.focus()
}
