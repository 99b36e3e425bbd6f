// What is asked of one part of a stream, right under it: a row of answers, the one at the keyboard lit.

import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'
import type { Field } from '../../engine/schema'
import { AnswerRow } from './AnswerRow'
import { useScreen } from './context'
import { m } from './messages'

export function PartCells({ stream, part, name }: { stream: string; part: string; name: string }): ReactNode {
  const screen = useScreen()
  const { work, cells } = screen
  const fields = cells.fieldsOn(stream, part)
  if (work === null || fields.length === 0) return null
  return (
    <div className="cells" role="group" aria-label={m.cells.of(name)}>
      {fields.map((field) => (
        <CellRow key={field.key} field={field} part={part} />
      ))}
    </div>
  )
}

/** One field on a part, or (null) on the item. */
export function CellRow({ field, part }: { field: Field; part: string | null }): ReactNode {
  const screen = useScreen()
  const { work, cells } = screen
  const host = useRef<HTMLDivElement>(null)
  /** What was pressed must not move away under the pointer. */
  const isPressed = useRef(false)
  const isNow = cells.isNow(field, part)
  const question = isNow ? (cells.now?.question ?? null) : null
  useEffect(() => {
    if (isNow && !isPressed.current) (question === null ? host.current : host.current?.querySelector(`[data-question="${CSS.escape(question)}"]`))?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    isPressed.current = false
  }, [isNow, question])
  if (work === null) return null
  const point = screen.points.find((p) => p.field === field.key && (p.part ?? null) === part) ?? null
  return (
    <div ref={host} className={isNow ? 'cell now' : 'cell'} data-cell={`${field.key}/${part ?? ''}`} onPointerDown={() => { isPressed.current = !isNow; cells.take(field, part) }} onKeyDown={(event) => goOn(event, () => cells.step(1), () => screen.surface?.focus())}>
      <AnswerRow
        id={part === null ? `answer-${field.key}` : `answer-${field.key}-${part}`}
        field={field}
        part={part}
        value={work.answer(field, part)}
        keys={{ field: null, options: cells.keysOf(field, part) }}
        point={point}
        compact
        question={question}
        onQuestion={(key) => cells.take(field, part, key)}
        onChange={(value) => work.setAnswer(field, value, part)}
      />
    </div>
  )
}

/** Enter in a line of text goes on to the next question. */
function goOn(event: KeyboardEvent<HTMLDivElement>, next: () => void, leave: () => void): void {
  if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement) || event.nativeEvent.isComposing) return
  event.preventDefault()
  next()
  leave()
}
