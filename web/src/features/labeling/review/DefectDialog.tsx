// What is wrong with an answer: the project's list with a key each, how grave it is, and a note.

import { type ReactNode, useState } from 'react'
import { Dialog } from '../../../ui/Dialog'
import { AreaField } from '../../../ui/Field'
import { Button, Key, Segmented } from '../../../ui/parts'
import { useJudging } from './context'
import { m } from './messages'
import type { Defect, Severity } from './shapes'

const SEVERITIES: readonly Severity[] = ['minor', 'major', 'critical']

export function DefectDialog(): ReactNode {
  const judging = useJudging()
  const { screen, task, asks, target } = judging
  const { single } = screen
  const list = Object.entries(task?.defects ?? {})
  const [defects, setDefects] = useState<readonly Defect[]>(asks === 'reject' ? judging.defects : [])
  const [note, setNote] = useState(judging.note)
  const [isRefused, setRefused] = useState(false)
  const place = single ? { field: single.annotation.field, annotation: single.annotation.id } : {}
  const same = (one: Defect, code: string): boolean => one.code === code && (one.annotation ?? null) === (single?.annotation.id ?? null)
  const toggle = (code: string): void => {
    setRefused(false)
    setDefects(defects.some((one) => same(one, code)) ? defects.filter((one) => !same(one, code)) : [...defects, { code, ...place }])
  }
  const grave = (code: string, severity: Severity): void => setDefects(defects.map((one) => (same(one, code) ? { ...one, severity } : one)))
  const done = (): void => {
    if (asks === 'reject' && defects.length === 0 && note.trim() === '') return setRefused(true)
    judging.ask(null)
    if (asks === 'reject') judging.reject(defects, note.trim())
    else {
      judging.noteDefects([...judging.defects, ...defects])
      judging.setNote(note.trim())
    }
  }
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const digit = /^Digit([1-9])$/.exec(event.code)?.[1]
    const chosen = digit === undefined ? undefined : list[Number(digit) - 1]
    const inNote = event.target instanceof HTMLTextAreaElement
    if (chosen && !inNote) toggle(chosen[0])
    else if (event.key === 'Enter' && (!inNote || event.ctrlKey)) done()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const name = target?.name ?? ''
  const footer = (
    <>
      <span className="grow" />
      <Button look="primary" keys="Enter" onClick={done}>{asks === 'reject' ? m.rejectDo : m.noteDo}</Button>
    </>
  )
  return (
    <Dialog title={asks === 'reject' ? m.rejectTitle(name) : m.noteTitle(name)} onClose={() => judging.ask(null)} footer={footer} width={520}>
      <div className="skip defect-list" onKeyDown={onKeyDown}>
        <p className="t2">{single ? m.about(screen.nameOf(single.annotation)) : m.aboutAll}</p>
        <ul className="choices" role="group" aria-label={m.defects}>
          {list.map(([code, kind], i) => {
            const chosen = defects.find((one) => same(one, code))
            return (
              <li key={code} className="row g2">
                <button type="button" role="checkbox" aria-checked={chosen !== undefined} className={chosen ? 'on grow' : 'grow'} data-autofocus={i === 0 || undefined} onClick={() => toggle(code)}>
                  <i className="pip" aria-hidden="true" />
                  <span className="grow">{kind.title}</span>
                  {!chosen && <span className="t3 f12">{m.severities[kind.severity ?? 'major']}</span>}
                  {i < 9 && <Key>{i + 1}</Key>}
                </button>
                {chosen && <Segmented<Severity> label={`${m.severity}: ${kind.title}`} value={chosen.severity ?? kind.severity ?? 'major'} options={SEVERITIES.map((value) => ({ value, title: m.severities[value] }))} onChange={(severity) => grave(code, severity)} />}
              </li>
            )
          })}
        </ul>
        <AreaField label={m.note} rows={2} value={note} placeholder={m.notePlaceholder} onChange={(event) => setNote(event.target.value)} />
        {isRefused && <p className="bad f12" role="alert">{m.rejectNeeds}</p>}
      </div>
    </Dialog>
  )
}
