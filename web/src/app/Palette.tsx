// Everything that can be done here and everywhere one can go, found by typing. And the keys of the page.
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { commandFor, Dialog, Icon, Key, useEveryCommand, type PageCommand } from '../ui'
import { m as ui } from '../ui/messages'
import { m } from './messages'

/** Listens for the keys of all commands, and opens the palette and the list of keys. */
export function Palette() {
  const [open, setOpen] = useState<'palette' | 'keys' | null>(null)
  const commands = useEveryCommand()
  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat) return
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        setOpen('palette')
        return
      }
      // A dialog in front takes the keys.
      if (document.querySelector('[role="dialog"]')) return
      const command = commandFor(event)
      if (command) {
        event.preventDefault()
        command.run()
      } else if (event.key === '?' && !isTypingIn(event)) setOpen('keys')
    }
    const ask = () => setOpen('palette')
    window.addEventListener('keydown', press)
    window.addEventListener('karat:palette', ask)
    return () => {
      window.removeEventListener('keydown', press)
      window.removeEventListener('karat:palette', ask)
    }
  }, [])
  if (open === 'palette') return <Find commands={commands} onClose={() => setOpen(null)} />
  if (open === 'keys') return <Keys commands={commands} onClose={() => setOpen(null)} />
  return null
}

/** Opens the palette from a button. */
export function openPalette(): void {
  window.dispatchEvent(new Event('karat:palette'))
}

function isTypingIn(event: globalThis.KeyboardEvent): boolean {
  return event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)
}

function Find({ commands, onClose }: { commands: readonly PageCommand[]; onClose: () => void }) {
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const found = useMemo(() => matching(commands, typed), [commands, typed])
  const current = found[Math.min(at, found.length - 1)]
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [at, found])

  const run = (command: PageCommand | undefined) => {
    if (!command) return
    onClose()
    command.run()
  }
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setAt((now) => (Math.min(now, found.length - 1) + step + found.length) % Math.max(1, found.length))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      run(current)
    }
  }
  return (
    <Dialog title={m.find} onClose={onClose} width={600} bare>
      <div className="pi">
        <Icon name="search" />
        <input
          value={typed}
          onChange={(event) => { setTyped(event.target.value); setAt(0) }}
          onKeyDown={press}
          placeholder={m.find}
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={current ? `palette-${current.id}` : undefined}
          aria-label={m.find}
          data-autofocus
          autoFocus
        />
      </div>
      <div className="list" id="palette-list" role="listbox" aria-label={m.find} ref={list}>
        {found.map((command, index) => (
          <div key={command.id}>
            {found[index - 1]?.group !== command.group && <p className="gh">{command.group}</p>}
            <div className="ci" role="option" id={`palette-${command.id}`} aria-selected={command === current} onClick={() => run(command)} onMouseMove={() => setAt(index)}>
              <Icon name={command.icon ?? 'right'} />
              <span><Marked text={command.title} typed={typed} /></span>
              {command.note && <span className="t3 f12 tr">{command.note}</span>}
              <span className="grow" />
              {command.keys?.split(' ').map((key) => <Key key={key}>{key}</Key>)}
            </div>
          </div>
        ))}
        {found.length === 0 && <p className="t3" style={{ padding: '16px' }}>{ui.nothingFound}</p>}
      </div>
      <footer><Key>↑</Key><Key>↓</Key><span>{ui.choose}</span><Key>Enter</Key><span>{ui.run}</span><span className="grow" /><span>{ui.found(found.length)}</span></footer>
    </Dialog>
  )
}

function Keys({ commands, onClose }: { commands: readonly PageCommand[]; onClose: () => void }) {
  const keyed = commands.filter((c) => c.keys)
  const groups = [...new Set(keyed.map((c) => c.group))]
  return (
    <Dialog title={m.keys} onClose={onClose} width={520} reads>
      {keyed.length === 0 && <p className="t2">{m.keysNone}</p>}
      {groups.map((group) => (
        <section key={group}>
          <h3 className="f12 t3" style={{ paddingBottom: 4 }}>{group}</h3>
          {keyed.filter((c) => c.group === group).map((c) => (
            <div className="row g1" key={c.id} style={{ height: 28 }}>
              <span className="grow">{c.title}</span>
              {c.keys?.split(' ').map((key) => <Key key={key}>{key}</Key>)}
            </div>
          ))}
        </section>
      ))}
    </Dialog>
  )
}

/** Commands that hold every word typed, those that begin with it first, groups kept together. */
function matching(commands: readonly PageCommand[], typed: string): PageCommand[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = commands.filter((c) => words.every((word) => `${c.title} ${c.note ?? ''} ${c.group}`.toLowerCase().includes(word)))
  const seen = new Set<string>()
  const once = fits.filter((c) => !seen.has(c.id) && seen.add(c.id))
  const groups = [...new Set(once.map((c) => c.group))]
  const begins = (c: PageCommand) => (words[0] && c.title.toLowerCase().startsWith(words[0]) ? 0 : 1)
  return groups.flatMap((group) => once.filter((c) => c.group === group).toSorted((a, b) => begins(a) - begins(b)))
}

function Marked({ text, typed }: { text: string; typed: string }) {
  const word = typed.trim().split(/\s+/)[0]?.toLowerCase()
  const at = word ? text.toLowerCase().indexOf(word) : -1
  if (!word || at < 0) return text
  return <>{text.slice(0, at)}<mark>{text.slice(at, at + word.length)}</mark>{text.slice(at + word.length)}</>
}
