// A text in which people are named: what is typed behind an @ opens a list, arrows choose, Enter takes, Esc closes it.
import { useQuery } from '@tanstack/react-query'
import { useId, useRef, useState, type KeyboardEvent } from 'react'
import { guidance as api } from '../../api'
import { AreaField, Face, Icon } from '../../ui'
import { fitting, standing, typedAt, withName, withoutName, type Named } from './mentions'
import { m } from './messages'

export interface Draft {
  readonly text: string
  readonly chosen: readonly Named[]
}
export const EMPTY: Draft = { text: '', chosen: [] }

interface Props {
  label: string
  project: string
  /** On what it is said: only who may read it can be named. */
  on: { readonly thread?: string; readonly item?: string }
  draft: Draft
  onDraft: (draft: Draft) => void
  onSend: () => void
  /** One line that Enter sends; else Ctrl+Enter does. */
  line?: boolean
  wrong?: string
  hint?: string
}

export function MentionArea({ label, project, on, draft, onDraft, onSend, line = false, wrong, hint }: Props) {
  const list = useId()
  const area = useRef<HTMLTextAreaElement | null>(null)
  const [caret, setCaret] = useState(0)
  const [at, setAt] = useState(0)
  /** The @ whose list was closed by Esc. */
  const [closed, setClosed] = useState<number | null>(null)
  const typed = typedAt(draft.text, caret)
  const people = useQuery({ queryKey: ['thread-people', project, on.thread ?? '', on.item ?? ''], queryFn: () => api.peopleToName(project, on), enabled: typed !== null, staleTime: 60_000 })
  const found = typed === null || typed.from === closed ? [] : fitting(people.data ?? [], typed.word)
  const current = found[Math.min(at, found.length - 1)]
  const take = (person: Named) => {
    if (typed === null) return
    const next = withName(draft.text, typed, caret, person)
    onDraft({ text: next.text, chosen: [...draft.chosen.filter((one) => one.id !== person.id), person] })
    setCaret(next.caret)
    // Once the text is drawn: setting it puts the caret at its end.
    requestAnimationFrame(() => area.current?.setSelectionRange(next.caret, next.caret))
  }
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (current) {
      if (step !== undefined) setAt((Math.min(at, found.length - 1) + step + found.length) % found.length)
      else if (event.key === 'Enter' || event.key === 'Tab') take(current)
      else if (event.key === 'Escape') setClosed(typed?.from ?? null)
      else return
      event.preventDefault()
      // Neither sent nor closed with it: the key was for the list.
      event.stopPropagation()
      event.nativeEvent.stopImmediatePropagation()
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey || (line && !event.shiftKey))) {
      event.preventDefault()
      onSend()
    }
  }
  const told = standing(draft.text, draft.chosen)
  return (
    <div className="mention">
      <AreaField
        ref={area}
        label={line ? '' : label}
        aria-label={line ? label : undefined}
        placeholder={line ? label : undefined}
        hint={hint}
        wrong={wrong}
        rows={line ? 1 : 4}
        value={draft.text}
        dir="auto"
        data-own-keys={current ? '' : undefined}
        // The dialog around it listens before anything else: its Esc is not meant while the list is open.
        data-mantine-stop-propagation={current ? 'true' : undefined}
        data-autofocus={line ? undefined : true}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={current ? list : undefined}
        aria-activedescendant={current ? `${list}-${current.id}` : undefined}
        onChange={(event) => {
          setCaret(event.target.selectionStart)
          setAt(0)
          if (typedAt(event.target.value, event.target.selectionStart)?.from !== closed) setClosed(null)
          onDraft({ text: event.target.value, chosen: draft.chosen })
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onBlur={() => setClosed(typed?.from ?? null)}
        onKeyDown={press}
      />
      {current && (
        <div className="mention-list" role="listbox" id={list} aria-label={m.people}>
          {found.map((one) => (
            <div key={one.id} id={`${list}-${one.id}`} role="option" aria-selected={one === current} className="mention-one" onMouseDown={(event) => { event.preventDefault(); take(one) }}>
              <Face name={one.name} /><span className="tr" dir="auto">{one.name}</span>
            </div>
          ))}
        </div>
      )}
      <span className="hidden" role="status">{current ? m.peopleFound(found.length, current.name) : ''}</span>
      {told.length > 0 && (
        <div className="row g1 mention-told">
          <span className="t3 f12">{m.told}</span>
          {told.map((one) => <span key={one.id} className="chip fill"><span dir="auto">{one.name}</span><button type="button" aria-label={m.notTold(one.name)} onClick={() => onDraft({ text: withoutName(draft.text, one), chosen: draft.chosen.filter((other) => other !== one) })}><Icon name="x" small /></button></span>)}
        </div>
      )}
    </div>
  )
}
