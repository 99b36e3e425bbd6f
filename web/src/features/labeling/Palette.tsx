// Ctrl+K: everything that can be done now, found by typing.

import { type ReactNode, useMemo, useState } from 'react'
import { type Command, matching } from '../../engine/command'
import { shownChord } from '../../engine/hotkeys'
import { Dialog } from '../../ui/Dialog'
import { Icon, type IconName } from '../../ui/Icon'
import { Mark } from '../../ui/Mark'
import { Key } from '../../ui/parts'
import { useScreen } from './context'
import { Lit } from './Lit'
import { m } from './messages'
import type { Screen } from './screen'

export function Palette(): ReactNode {
  const screen = useScreen()
  const [typed, setTyped] = useState('')
  const [current, setCurrent] = useState(0)
  // What can be done is what could be done before the palette opened.
  const possible = useMemo(() => screen.commands.filter((c) => !c.quiet && c.id !== 'view.palette' && canRun(c, screen)), [screen])
  const found = useMemo(() => inGroups(matching(possible, typed)), [possible, typed])
  const at = Math.min(current, Math.max(0, found.length - 1))
  const run = (command: Command<Screen> | undefined): void => {
    if (command === undefined) return
    screen.open(null)
    command.run(screen)
  }
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setCurrent((at + 1) % Math.max(1, found.length))
    else if (event.key === 'ArrowUp') setCurrent((at - 1 + found.length) % Math.max(1, found.length))
    else if (event.key === 'Enter') run(found[at])
    else return
    event.preventDefault()
  }
  return (
    <Dialog bare title={m.paletteFind} onClose={() => screen.open(null)} width={600}>
      <div className="pi" onKeyDown={onKeyDown}>
        <Icon name="search" />
        <input type="text" value={typed} placeholder={m.paletteFind} aria-label={m.paletteFind} role="combobox" aria-expanded aria-controls="palette-list" aria-activedescendant={`palette-${at}`} data-autofocus autoFocus onChange={(event) => { setTyped(event.target.value); setCurrent(0) }} />
        <span className="t3 f12">{selectionName(screen)}</span>
      </div>
      <div className="list" id="palette-list" role="listbox">
        {found.map((command, i) => (
          <div key={command.id} role="none">
            {found[i - 1]?.group !== command.group && <p className="gh">{command.group}</p>}
            <div id={`palette-${i}`} className="ci" role="option" aria-selected={i === at} ref={i === at ? intoView : undefined} onPointerMove={() => setCurrent(i)} onClick={() => run(command)}>
              {command.mark !== undefined ? <span className="slot"><Mark index={command.mark} /></span> : <Icon name={(command.icon as IconName | undefined) ?? 'cr'} />}
              <span><Lit text={command.title} typed={typed} /></span>
              {command.detail && <span className="t3">{command.detail(screen)}</span>}
              <span className="grow" />
              {command.keys.slice(0, 2).map((key) => <Key key={key}>{shownChord(key)}</Key>)}
            </div>
          </div>
        ))}
        {found.length === 0 && <p className="none t3">{m.nothingFound}</p>}
      </div>
      <footer>
        <Key>↑</Key>
        <Key>↓</Key>
        <span>{m.choose}</span>
        <Key>Enter</Key>
        <span>{m.run}</span>
        <span className="grow" />
        <span>{m.found(found.length)}</span>
      </footer>
    </Dialog>
  )
}

/** Whether a command could run if no dialog were open. */
function canRun(command: Command<Screen>, screen: Screen): boolean {
  const { dialog } = screen
  screen.dialog = null
  try {
    return command.when(screen)
  } finally {
    screen.dialog = dialog
  }
}

/** Commands of one group stand together, groups in the order in which they first appear. */
function inGroups(commands: readonly Command<Screen>[]): Command<Screen>[] {
  return [...Map.groupBy(commands, (c) => c.group).values()].flat()
}

function selectionName(screen: Screen): string {
  const { single } = screen
  if (single === null) return ''
  const label = single.field.labels.find((l) => l.key === single.annotation.label)
  return m.selectedOne(label?.title ?? '', screen.work?.store.numberOf(single.annotation.id) ?? 0)
}

function intoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' })
}
