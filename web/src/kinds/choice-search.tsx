// A choice among many, or in a tree: chosen ones as chips, the rest found by typing.

import { type ReactNode, useMemo, useState } from 'react'
import type { ControlProps } from '../engine/kind'
import { Icon } from '../ui/Icon'
import { Popover } from '../ui/Menu'
import { Key } from '../ui/parts'
import { m } from './messages'
import { type Answer, isMultiple, keysOf, type Option, optionsOf, toggled, treeOf } from './options'

const SHOWN = 60

export function ChoiceSearch(props: ControlProps): ReactNode {
  const { field, value, onChange, keys, id, disabled } = props
  const [open, setOpen] = useState(false)
  const chosen = keysOf(value as Answer)
  const several = isMultiple(field)
  const { byKey } = treeOf(field)
  const drop = (key: string) => onChange(several ? toggled(field, value as Answer, key) : undefined)
  const pick = (key: string) => {
    onChange(several ? toggled(field, value as Answer, key) : key)
    if (!several) setOpen(false)
  }
  const control = (
    <button type="button" data-control={id} className="chip dash" disabled={disabled} aria-haspopup="listbox" aria-expanded={open} onClick={() => setOpen(!open)}>
      <Icon name="search" small />
      <span className="hidden">{field.title}: </span>
      {several ? m.add : chosen.length > 0 ? m.change : m.choose}
      {keys.field && <Key>{keys.field}</Key>}
    </button>
  )
  return (
    <div className="row g1 wrap">
      {chosen.map((key) => (
        <span key={key} className="chip" title={byKey.get(key)?.path.join(' / ')}>
          <bdi className="tr">{byKey.get(key)?.path.join(' / ') ?? key}</bdi>
          <button type="button" aria-label={m.remove(byKey.get(key)?.title ?? key)} disabled={disabled} onClick={() => drop(key)}>
            <Icon name="x" small />
          </button>
        </span>
      ))}
      <Popover control={control} opened={open} onChange={setOpen} width={368}>
        <Search id={`${id}-search`} options={optionsOf(field)} chosen={new Set(chosen)} several={several} onPick={pick} />
      </Popover>
    </div>
  )
}

function Search({ id, options, chosen, several, onPick }: { id: string; options: readonly Option[]; chosen: ReadonlySet<string>; several: boolean; onPick: (key: string) => void }): ReactNode {
  const [typed, setTyped] = useState('')
  const [current, setCurrent] = useState(0)
  const found = useMemo(() => search(options, typed), [options, typed])
  const shown = found.slice(0, SHOWN)
  const at = Math.min(current, shown.length - 1)
  const step = (by: number) => setCurrent((at + by + shown.length) % Math.max(1, shown.length))
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'ArrowDown') step(1)
    else if (event.key === 'ArrowUp') step(-1)
    else if (event.key === 'Enter' && shown[at]) onPick(shown[at].key)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div className="search" onKeyDown={onKeyDown}>
      <label className="input frame">
        <Icon name="search" />
        <input type="text" value={typed} aria-label={m.search} role="combobox" aria-expanded aria-controls={id} aria-activedescendant={shown[at] ? `${id}-${at}` : undefined} data-autofocus onChange={(event) => { setTyped(event.target.value); setCurrent(0) }} />
        <span className="t3 f11">{m.found(found.length)}</span>
      </label>
      <ul id={id} role="listbox" aria-multiselectable={several}>
        {shown.map((option, i) => (
          <li key={option.key} id={`${id}-${i}`} role="option" aria-selected={chosen.has(option.key)} className={i === at ? 'on' : ''} ref={i === at ? intoView : undefined} onClick={() => onPick(option.key)} onPointerMove={() => setCurrent(i)}>
            {several && <i className={chosen.has(option.key) ? 'tick on' : 'tick'} aria-hidden="true" />}
            <span className="grow" dir="auto">
              <Marked text={option.title} typed={typed} />
              {option.path.length > 1 && <small>{option.path.slice(0, -1).join(' / ')}</small>}
            </span>
            {!several && chosen.has(option.key) && <Icon name="check" small />}
            {i === at && <Key>Enter</Key>}
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p className="t3 f12">{m.nothing}</p>}
      <footer className="f11 t3">
        <Key>↑</Key>
        <Key>↓</Key>
        <span>{m.toChoose}</span>
        <span className="grow" />
        <Key>Esc</Key>
        <span>{m.toClose}</span>
      </footer>
    </div>
  )
}

/** The letters that were typed, in gold, where they stand in the name. */
function Marked({ text, typed }: { text: string; typed: string }): ReactNode {
  const at = typed === '' ? -1 : text.toLowerCase().indexOf(typed.toLowerCase())
  if (at < 0) return text
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + typed.length)}</mark>
      {text.slice(at + typed.length)}
    </>
  )
}

/** Options whose path holds every word; those whose own name begins with what was typed come first. */
export function search(options: readonly Option[], typed: string): readonly Option[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return options
  const fitting = options.filter((o) => words.every((word) => `${o.path.join(' ')} ${o.key}`.toLowerCase().includes(word)))
  const rank = (o: Option) => (o.title.toLowerCase().startsWith(typed.toLowerCase()) ? 0 : words.some((w) => o.title.toLowerCase().includes(w)) ? 1 : 2)
  return fitting.toSorted((a, b) => rank(a) - rank(b))
}

function intoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' })
}
