// `?`: the keys of this screen as lists and on the board; each can be changed, with a check for clashes.

import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { Command } from '../../engine/command'
import { chordOf, shownChord } from '../../engine/hotkeys'
import { Dialog } from '../../ui/Dialog'
import { Icon } from '../../ui/Icon'
import { Button, Key, Segmented } from '../../ui/parts'
import { useScreen } from './context'
import { type ChosenKeys, fileOf, keysOf } from './key-map'
import { KeyBoard } from './KeyBoard'
import { m } from './messages'
import type { Screen } from './screen'

/** For which projects keys are changed. */
type Scope = keyof ChosenKeys

/** More is no file of keys. */
const MOST_BYTES = 1_000_000

const COLUMNS = [
  [m.groups.answer, m.groups.change, m.groups.labels],
  [m.groups.draw, m.groups.view],
  [m.groups.selected, m.groups.answers],
]

export function KeySheet(): ReactNode {
  const screen = useScreen()
  const [find, setFind] = useState('')
  const [changing, setChanging] = useState(false)
  const [asked, setAsked] = useState<string | null>(null)
  const [pressed, setPressed] = useState<string | null>(null)
  const [said, setSaid] = useState<string | null>(null)
  const [scope, setScope] = useState<Scope>(Object.keys(screen.chosen.here ?? {}).length > 0 ? 'here' : 'everywhere')
  useEffect(() => {
    const heard = (event: KeyboardEvent): void => {
      if (event.target instanceof HTMLInputElement) return
      const chord = chordOf(event)
      if (chord === null || chord === 'Tab' || chord === 'Shift+Tab') return
      if (asked === null) {
        if (chord !== 'Esc' && chord !== '?' && chord !== 'Enter' && chord !== 'Space') setPressed(chord)
        return
      }
      event.preventDefault()
      event.stopPropagation()
      if (chord !== 'Esc') screen.setKeys({ ...screen.chosen, [scope]: { ...screen.chosen[scope], [asked]: [chord] } })
      setAsked(null)
    }
    window.addEventListener('keydown', heard, { capture: true })
    return () => window.removeEventListener('keydown', heard, { capture: true })
  }, [asked, scope, screen])
  const words = find.trim().toLowerCase()
  const shown = screen.commands.filter((c) => !c.quiet && (c.keys.length > 0 || changing) && c.group !== m.groups.go)
  const found = words === '' ? shown : shown.filter((c) => `${c.title} ${c.keys.join(' ')}`.toLowerCase().includes(words))
  const aside = (
    <>
      <label className="input frame key-find">
        <Icon name="search" small />
        <input type="text" value={find} placeholder={m.keysFind} aria-label={m.keysFind} onChange={(event) => setFind(event.target.value)} />
      </label>
      {changing && <Segmented label={m.keysScope} value={scope} options={[{ value: 'everywhere', title: m.keysEverywhere }, { value: 'here', title: m.keysHere }]} onChange={setScope} />}
      {changing && Object.keys(screen.chosen[scope] ?? {}).length > 0 && <Button onClick={() => screen.setKeys(without(screen.chosen, scope))}>{m.keysReset}</Button>}
      {changing && <KeyFiles screen={screen} scope={scope} onSaid={setSaid} />}
      <Button icon={changing ? 'check' : 'pencil'} onClick={() => { setChanging(!changing); setAsked(null) }}>{changing ? m.keysDone : m.changeKeys}</Button>
    </>
  )
  return (
    <Dialog title={m.keysTitle} onClose={() => screen.open(null)} aside={aside} width={1180} reads>
      <div className="keys">
        {COLUMNS.map((groups) => (
          <div key={groups[0]} className="key-column">
            {groups.map((group) => {
              const own = found.filter((c) => c.group === group)
              return own.length === 0 ? null : <KeyGroup key={group} title={group} commands={own} changing={changing} asked={asked} pressed={pressed} onAsk={setAsked} />
            })}
          </div>
        ))}
        <div className="key-column board">
          <h3>{m.board}</h3>
          <KeyBoard commands={screen.commands} pressed={pressed} />
          <p className="f12 t2">{m.boardText}</p>
          {said && <p className="f12 md" role="status">{said}</p>}
          {pressed && <p className="f12 md" role="status">{saysOf(screen, pressed)}</p>}
          <Clashes screen={screen} />
        </div>
      </div>
    </Dialog>
  )
}

function without(chosen: ChosenKeys, scope: Scope): ChosenKeys {
  return scope === 'here' ? { everywhere: chosen.everywhere ?? {} } : { ...(chosen.here && { here: chosen.here }) }
}

/** Chosen keys as a file, and those of a file in their place; clashes are listed as they are for keys chosen by hand. */
function KeyFiles({ screen, scope, onSaid }: { screen: Screen; scope: Scope; onSaid: (said: string) => void }): ReactNode {
  const input = useRef<HTMLInputElement>(null)
  const take = async (file: File | undefined): Promise<void> => {
    const found = file === undefined ? null : file.size > MOST_BYTES ? null : keysOf(await file.text())
    if (found !== null) screen.setKeys({ ...screen.chosen, [scope]: found.keys })
    onSaid(found === null ? m.keysNoFile : m.keysTaken(Object.keys(found.keys).length, found.wrong))
  }
  return (
    <>
      <Button onClick={() => input.current?.click()}>{m.keysImport}</Button>
      <input ref={input} hidden type="file" accept=".json,application/json" aria-label={m.keysImport} onChange={(event) => { void take(event.target.files?.[0]); event.target.value = '' }} />
      {Object.keys(screen.keys).length > 0 && <a className="btn" href={`data:application/json,${encodeURIComponent(fileOf(screen.keys))}`} download="karat-keys.json">{m.keysExport}</a>}
    </>
  )
}

function KeyGroup({ title, commands, changing, asked, pressed, onAsk }: { title: string; commands: readonly Command<Screen>[]; changing: boolean; asked: string | null; pressed: string | null; onAsk: (id: string) => void }): ReactNode {
  return (
    <section>
      <h3>{title}</h3>
      <ul>
        {commands.map((command) => (
          <li key={command.id} className={pressed !== null && command.keys.includes(pressed) ? 'found' : ''}>
            <span className="grow tr" title={command.title}>{command.title}</span>
            {changing ? (
              <button type="button" className={asked === command.id ? 'ask on' : 'ask'} onClick={() => onAsk(command.id)}>
                {asked === command.id ? m.pressKey : <Caps command={command} />}
              </button>
            ) : (
              <Caps command={command} />
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Caps({ command }: { command: Command<Screen> }): ReactNode {
  return <span className="row g1">{command.keys.slice(0, 2).map((key) => <Key key={key}>{shownChord(key)}</Key>)}</span>
}

function Clashes({ screen }: { screen: Screen }): ReactNode {
  const { clashes } = screen
  if (clashes.length === 0) return <p className="row g2 f12"><span className="ok"><Icon name="check" /></span>{m.noClash}</p>
  return (
    <ul className="clashes" role="alert">
      {clashes.map(({ chord, first, second }) => (
        <li key={`${chord}${first.id}${second.id}`} className="row g2 f12 bad">
          <Icon name="alert" small />
          <span>{m.clash(shownChord(chord), first.title, second.title)}</span>
        </li>
      ))}
    </ul>
  )
}

function saysOf(screen: Screen, chord: string): string {
  const found = screen.commands.find((c) => c.keys.includes(chord))
  return found ? m.calls(shownChord(chord), found.title) : m.free(shownChord(chord))
}
