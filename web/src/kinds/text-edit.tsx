// An answer that is edited: the text to change, beside it what became of it word by word, and a large window for both.

import { type ReactNode, useState } from 'react'
import type { Beginning, ControlProps, Source } from '../engine/kind'
import { Dialog } from '../ui/Dialog'
import { Button, IconButton, Key } from '../ui/parts'
import { m } from './messages'
import { EditArea } from './text-area'
import { Differences, useChanges } from './text-changes'
import './text-edit.css'

export interface EditControlProps extends ControlProps {
  /** What is wrong with the text, in words. */
  readonly wrong: string
}

export default function EditControl(props: EditControlProps): ReactNode {
  const { beginning, id, field, disabled } = props
  if (beginning === undefined) return null
  if (beginning.chosen === null) {
    return (
      <div className="edit-choose" id={id} tabIndex={-1} role="group" aria-label={field.title}>
        <span className="t2 f12">{m.editWhich}</span>
        {beginning.sources.map((source, i) => (
          <button key={source.part} type="button" className="btn" disabled={disabled} onClick={() => choose(beginning, source, id)}>
            {m.editOf(source.name)} {i < 9 && <Key>{`Shift+${i + 1}`}</Key>}
          </button>
        ))}
      </div>
    )
  }
  return <Editor {...props} source={beginning.chosen} beginning={beginning} />
}

function choose(beginning: Beginning, source: Source, id: string): void {
  beginning.choose(source)
  requestAnimationFrame(() => document.getElementById(id)?.focus())
}

function Editor(props: EditControlProps & { readonly source: Source; readonly beginning: Beginning }): ReactNode {
  const { field, value, onChange, id, disabled, source, beginning, wrong } = props
  const [isLarge, setLarge] = useState(false)
  const text = typeof value === 'string' ? value : source.text
  const changes = useChanges(source.text, text)
  const isConfirmed = value === source.text
  const write = (typed: string): void => onChange(typed === source.text ? undefined : typed)
  const note = wrong || (value === undefined ? m.untouched : '')
  const area = (large: boolean): ReactNode => (
    <EditArea key={source.part} id={large ? `${id}-large` : id} label={field.title} note={`${id}-note`} text={text} disabled={disabled === true} isWrong={wrong !== ''} onWrite={write} />
  )
  return (
    <div className="edit">
      <div className="edit-bar">
        {beginning.sources.length > 1 ? <Sources {...props} chosen={source} /> : <span className="t2 f12">{source.name}</span>}
        <span className="t3 f12">{isConfirmed ? m.confirmed : changes && (changes.wordsIn + changes.wordsOut > 0 || text !== source.text) ? m.wordsChanged(changes.wordsIn, changes.wordsOut) : m.noWordsChanged}</span>
        <span className="grow" />
        <Button size="small" look="quiet" icon="undo" disabled={disabled === true || value === undefined} onClick={() => onChange(undefined)}>{m.backToOriginal}</Button>
        <Button size="small" icon="check" aria-pressed={isConfirmed} disabled={disabled === true || (value !== undefined && !isConfirmed)} onClick={() => onChange(isConfirmed ? undefined : source.text)}>{m.keepAsIs}</Button>
        <IconButton icon="fit" size="small" label={m.large} onClick={() => setLarge(true)} />
      </div>
      <div className="edit-panes">
        {area(false)}
        <Differences changes={changes} />
      </div>
      <p id={`${id}-note`} className={wrong === '' ? 'edit-note' : 'edit-note bad'}>{note}</p>
      {isLarge && (
        <Dialog title={`${field.title}: ${source.name}`} width={1240} onClose={() => setLarge(false)} footer={<><span className="t3 f12">{changes && m.wordsChanged(changes.wordsIn, changes.wordsOut)}</span><span className="grow" /><Button look="primary" onClick={() => setLarge(false)}>{m.done}</Button></>}>
          <div className="edit-panes large">
            {area(true)}
            <Differences changes={changes} />
          </div>
        </Dialog>
      )}
    </div>
  )
}

function Sources({ beginning, chosen, id, disabled }: EditControlProps & { readonly beginning: Beginning; readonly chosen: Source }): ReactNode {
  return (
    <span className="seg" role="radiogroup" aria-label={m.editedOf}>
      {beginning.sources.map((source) => (
        <button key={source.part} type="button" role="radio" aria-checked={source.part === chosen.part} className={source.part === chosen.part ? 'on' : ''} disabled={disabled} onClick={() => choose(beginning, source, id)}>
          {source.name}
        </button>
      ))}
    </span>
  )
}
