// An entity: which entry of a vocabulary something is, found by typing, or that it is in none.

import { type KeyboardEvent, type ReactNode, useContext, useEffect, useState } from 'react'
import type { ControlProps, FormKind } from '../engine/kind'
import type { VocabularyEntry } from '../engine/ports'
import type { Json } from '../engine/types'
import { Icon } from '../ui/Icon'
import { Popover } from '../ui/Menu'
import { Key } from '../ui/parts'
import { check, type Entity } from './entity-check'
import { LookupContext } from './lookup'
import { m } from './messages'

const PAUSE_MS = 90

function Control(props: ControlProps): ReactNode {
  const { field, value, onChange, keys, id, disabled, about } = props
  const [open, setOpen] = useState(false)
  const said = value === undefined ? null : (value as Entity)
  const pick = (entity: Entity): void => {
    onChange(entity)
    setOpen(false)
  }
  const control = (
    <button type="button" data-control={id} className="chip dash" disabled={disabled} aria-haspopup="listbox" aria-expanded={open} onClick={() => setOpen(!open)}>
      <Icon name="search" small />
      <span className="hidden">{field.title}: </span>
      {said === null ? m.choose : m.change}
      {keys.field && <Key>{keys.field}</Key>}
    </button>
  )
  return (
    <div className="row g1 wrap">
      {said !== null && (
        <span className="chip" title={said.id ?? undefined}>
          <bdi className="tr">{nameOf(said)}</bdi>
          <button type="button" aria-label={m.remove(nameOf(said))} disabled={disabled} onClick={() => onChange(undefined)}>
            <Icon name="x" small />
          </button>
        </span>
      )}
      <Popover control={control} opened={open} onChange={setOpen} width={368}>
        <Search id={`${id}-search`} vocabulary={String(field.options['vocabulary'])} nil={field.options['nil'] !== false} first={about ?? ''} chosen={said} onPick={pick} />
      </Popover>
    </div>
  )
}

interface SearchProps {
  readonly id: string
  readonly vocabulary: string
  readonly nil: boolean
  readonly first: string
  readonly chosen: Entity | null
  readonly onPick: (entity: Entity) => void
}

function Search({ id, vocabulary, nil, first, chosen, onPick }: SearchProps): ReactNode {
  const [typed, setTyped] = useState(first)
  const [current, setCurrent] = useState(0)
  const { found, note } = useFound(vocabulary, typed)
  const choices: (VocabularyEntry | null)[] = nil ? [...found, null] : [...found]
  const at = Math.min(current, choices.length - 1)
  const take = (entry: VocabularyEntry | null): void => onPick(entry === null ? { id: null } : { id: entry.id, title: entry.title })
  const onKeyDown = (event: KeyboardEvent): void => {
    const chosenNow = choices[at]
    if (event.key === 'ArrowDown') setCurrent((at + 1) % Math.max(1, choices.length))
    else if (event.key === 'ArrowUp') setCurrent((at - 1 + choices.length) % Math.max(1, choices.length))
    else if (event.key === 'Enter' && chosenNow !== undefined) take(chosenNow)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div className="search" onKeyDown={onKeyDown}>
      <label className="input frame">
        <Icon name="search" />
        <input type="text" value={typed} dir="auto" aria-label={m.searchIn(vocabulary)} role="combobox" aria-expanded aria-controls={id} aria-activedescendant={choices.length > 0 ? `${id}-${at}` : undefined} data-autofocus onFocus={(event) => event.target.select()} onChange={(event) => { setTyped(event.target.value); setCurrent(0) }} />
      </label>
      {note !== '' && <p className="t3 f12" role="status">{note}</p>}
      <ul id={id} role="listbox" aria-label={vocabulary}>
        {choices.map((entry, i) => (
          <li key={entry?.id ?? ''} id={`${id}-${i}`} role="option" aria-selected={chosen !== null && chosen.id === (entry?.id ?? null)} className={i === at ? 'on' : ''} ref={i === at ? intoView : undefined} onClick={() => take(entry)} onPointerMove={() => setCurrent(i)}>
            <span className="grow" dir="auto">
              {entry === null ? m.notInList : entry.title}
              {entry !== null && <small>{[entry.id, ...entry.aliases.slice(0, 3)].join(' · ')}</small>}
              {entry !== null && entry.definition !== '' && <small>{entry.definition}</small>}
            </span>
            {i === at && <Key>Enter</Key>}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** What the server finds, a moment after the last letter; what was found before stays until then. */
function useFound(vocabulary: string, typed: string): { readonly found: readonly VocabularyEntry[]; readonly note: string } {
  const look = useContext(LookupContext)
  const [state, setState] = useState<{ readonly found: readonly VocabularyEntry[]; readonly note: string }>({ found: [], note: '' })
  useEffect(() => {
    if (look === null) return
    let isAsked = true
    let cancel = (): void => undefined
    const timer = setTimeout(() => {
      const asked = look(vocabulary, typed)
      cancel = asked.cancel
      asked.found.then(
        (found) => isAsked && setState({ found, note: found.length === 0 ? m.noEntry : '' }),
        (error: unknown) => isAsked && setState({ found: [], note: error instanceof Error ? error.message : String(error) }),
      )
    }, PAUSE_MS)
    return () => {
      isAsked = false
      clearTimeout(timer)
      cancel()
    }
  }, [look, vocabulary, typed])
  return look === null ? { found: [], note: m.noLookup } : state
}

function nameOf(entity: Entity): string {
  const title = entity['title']
  return entity.id === null ? m.notInList : typeof title === 'string' && title !== '' ? title : entity.id
}

function intoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' })
}

export const entity: FormKind<ReactNode> = {
  name: 'entity',
  version: 1,
  title: 'Entity',
  surface: 'form',
  check,
  Control,
  values: () => [],
  keys: () => [],
  press: () => undefined,
  summary: (value: Json) => nameOf(value as Entity),
}
