// Beside the item that is labeled: the guideline with search, what was ruled on similar ones, and one's own questions.
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'
import { guidance as api, type Guideline } from '../../api'
import type { Pins } from '../../engine/pins'
import { Go, Icon, type IconName } from '../../ui'
import { Markdown } from '../../ui/Markdown'
import { m } from './messages'
import { Examples } from './ExampleShown'
import { pinOf } from './pinned'
import { matching } from './text'
import { ThreadView } from './ThreadView'
import './guidance.css'

interface At {
  readonly project: string
  readonly item: string
  readonly field: string | null
  readonly label: string | null
}
const MOST = 5
const MOST_EXAMPLES = 4

/** What is talked about on the item, for the pins on it. */
export function ThreadPins({ item, pins }: { item: string; pins: Pins }) {
  const threads = useQuery({ queryKey: ['threads', 'item', item], queryFn: () => api.threadsOfItem(item) })
  useEffect(() => pins.set((threads.data ?? []).flatMap(pinOf)), [threads.data, pins])
  useEffect(() => () => pins.set([]), [pins])
  return null
}

export function BesidePanel({ at, pins, nameless = false }: { at: At; pins: Pins; nameless?: boolean }) {
  useSyncExternalStore((told) => pins.subscribe(told), () => pins.version)
  const { opened } = pins
  const guideline = useQuery({ queryKey: ['guideline', at.project], queryFn: () => api.guideline(at.project), staleTime: 60_000 })
  const threads = useQuery({ queryKey: ['threads', 'item', at.item], queryFn: () => api.threadsOfItem(at.item) })
  const precedents = useQuery({ queryKey: ['precedents', 'item', at.item, at.field, at.label], queryFn: () => api.precedentsOfItem(at.item, at.field, at.label), staleTime: 60_000 })
  return (
    <>
      {guideline.data && guideline.data.version > 0 && <Guide guideline={guideline.data} at={at} />}
      {precedents.data && precedents.data.length > 0 && (
        <Section id="precedents" icon="scale" title={m.precedents} note={String(precedents.data.length)} open>
          {precedents.data.slice(0, MOST).map((one) => (
            <div key={one.id} className="beside-hit" dir="auto">
              {one.about && <p className="t3 f12">{one.about}</p>}
              <p>{one.text} {one.label && <strong>{one.label}</strong>}</p>
            </div>
          ))}
        </Section>
      )}
      {threads.data && threads.data.length > 0 && (
        <Section id="threads" icon="comment" title={m.comments} note={String(threads.data.length)} open asked={opened?.nth ?? 0}>
          {threads.data.map((one) => <ThreadView key={one.id} project={at.project} thread={one} nameless={nameless} asked={opened?.id === one.id ? opened.nth : 0} />)}
        </Section>
      )}
    </>
  )
}

/** The definition of the label at hand, and whatever is searched for. */
function Guide({ guideline, at }: { guideline: Guideline; at: At }) {
  const [typed, setTyped] = useState('')
  const own = guideline.definitions.filter((one) => one.field === at.field && (one.label === at.label || one.label === null))
  const shown = at.label === null ? [] : guideline.examples.filter((one) => one.field === at.field && one.label === at.label).slice(0, MOST_EXAMPLES)
  const found = typed.trim() === '' ? [] : [...matching(guideline.clauses, typed), ...matching(guideline.definitions, typed)].slice(0, MOST)
  return (
    <Section id="guide" icon="book" title={m.guideline} note={m.version(guideline.version).toLowerCase()} open={own.length + shown.length > 0}>
      {own.map((one) => <p key={one.label ?? ''} className="para" dir="auto"><strong>{one.label ?? one.field}</strong> {one.text}</p>)}
      <Examples project={at.project} examples={shown} />
      <input className="input beside-find" type="search" value={typed} onChange={(e) => setTyped(e.target.value)} placeholder={m.search} aria-label={m.search} />
      {typed.trim() !== '' && found.length === 0 && <p className="t3 f12">{m.nothingFound}</p>}
      {found.map((one, i) => (
        <div key={i} className="beside-hit">
          <p className="md" dir="auto">{'title' in one ? one.title : (one.label ?? one.field)}</p>
          <Markdown text={one.text} />
        </div>
      ))}
      <p><Go to={`/p/${at.project}/guideline`} className="link f12" target="_blank">{m.whole}</Go></p>
    </Section>
  )
}

function Section({ id, icon, title, note, open, asked = 0, children }: { id: string; icon: IconName; title: string; note: string; open?: boolean; asked?: number; children: ReactNode }) {
  const key = `karat.beside.${id}`
  const [isOpen, setOpen] = useState(() => (localStorage.getItem(key) ?? (open ? 'open' : '')) === 'open')
  const [answered, setAnswered] = useState(asked)
  // What is in it was asked for, by a pin: it opens, once.
  if (asked !== answered) {
    setAnswered(asked)
    setOpen(true)
  }
  const toggle = () => {
    localStorage.setItem(key, isOpen ? 'closed' : 'open')
    setOpen(!isOpen)
  }
  return (
    <section className="sec f12">
      <h2 className="sh">
        <button type="button" className="row g2 grow" aria-expanded={isOpen} onClick={toggle}>
          <span className="t3"><Icon name={icon} /></span>
          <span className="tr">{title}</span>
          <span className="c">{note}</span>
        </button>
      </h2>
      {isOpen && children}
    </section>
  )
}

