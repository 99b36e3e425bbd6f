// The keys of the page on which many items are labeled, and the same as commands for the palette.

import { type RefObject, useEffect, useMemo } from 'react'
import { chordOf, shownChord } from '../../../engine/hotkeys'
import { isTyping, type PageCommand, useCommands } from '../../../ui/commands'
import type { Batch } from './batch'
import type { Asked } from './keys'
import { m } from './messages'

interface Act {
  readonly id: string
  readonly title: string
  readonly chords: readonly string[]
  readonly run: () => void
}

export function useManyKeys(batch: Batch, asked: readonly Asked[], search: RefObject<HTMLInputElement | null>): void {
  const acts = useMemo((): readonly Act[] => {
    const answers = asked.flatMap(({ field, options }) => options.map((o) => ({ id: `many.${field.key}.${o.value}`, title: `${field.title}: ${o.title}`, chords: o.key ? [o.key] : [], run: () => void batch.press(field, o.value) })))
    return [
      { id: 'many.handIn', title: m.handIn(0), chords: ['Ctrl+Enter'], run: () => void batch.handIn() },
      { id: 'many.repeat', title: m.repeat, chords: ['W'], run: () => void batch.repeat() },
      { id: 'many.undo', title: m.undoStep, chords: ['Ctrl+Z'], run: () => void batch.undo() },
      { id: 'many.redo', title: m.redoStep, chords: ['Ctrl+Shift+Z', 'Ctrl+Y'], run: () => batch.redo() },
      { id: 'many.all', title: m.all, chords: ['Ctrl+A'], run: () => batch.all() },
      { id: 'many.none', title: m.none, chords: ['Esc'], run: () => batch.none() },
      { id: 'many.search', title: m.search, chords: ['/'], run: () => search.current?.focus() },
      ...answers,
    ]
  }, [asked, batch, search])
  useCommands(useMemo((): readonly PageCommand[] => acts.map(({ id, title, chords: [first], run }) => ({ id, title, group: m.title, shownOnly: true, ...(first ? { keys: shownChord(first) } : {}), run })), [acts]))
  useEffect(() => {
    const down = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || inDialog(event.target)) return
      const chord = chordOf(event)
      if (chord === null) return
      if (isTyping(event.target)) return typed(event, chord, batch)
      const act = acts.find((one) => one.chords.includes(chord))
      if (act) act.run()
      else if (isControl(event.target) || !walk(batch, event)) return
      event.preventDefault()
    }
    window.addEventListener('keydown', down)
    return () => window.removeEventListener('keydown', down)
  }, [acts, batch])
}

/** In a text, only handing in and leaving it mean something here. */
function typed(event: KeyboardEvent, chord: string, batch: Batch): void {
  if (chord === 'Ctrl+Enter') void batch.handIn()
  else if (chord === 'Esc') document.querySelector<HTMLElement>('.many [role="grid"]')?.focus()
  else return
  event.preventDefault()
}

/** Moves over the page, choosing with Space or Shift; whether the key meant that. */
function walk(batch: Batch, event: KeyboardEvent): boolean {
  const { order, chosen } = batch
  const at = Math.max(0, order.indexOf(chosen.at ?? ''))
  const grid = document.querySelector<HTMLElement>('.many [role="grid"]')
  const across = Number(grid?.dataset['across'] ?? 1)
  const steps: Readonly<Record<string, number>> = { ArrowDown: across, ArrowUp: -across, ArrowRight: 1, ArrowLeft: -1, PageDown: 4 * across, PageUp: -4 * across, Home: -order.length, End: order.length }
  const here = order[at]
  if (here === undefined) return false
  if (event.key === ' ') {
    if (event.shiftKey) batch.extend(here)
    else batch.toggle(here)
    return true
  }
  const step = steps[event.key]
  const next = step === undefined ? undefined : order[Math.max(0, Math.min(order.length - 1, at + step))]
  if (next === undefined) return false
  if (event.shiftKey) batch.extend(next)
  else batch.move(next)
  return true
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a[href], input, select, textarea, summary') !== null
}

function inDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role="dialog"], [role="menu"]') !== null
}
