// The label menu at the pointer: every label, found by typing.

import { type ReactNode, useMemo, useRef, useState } from 'react'
import { shownChord } from '../../engine/hotkeys'
import { Icon } from '../../ui/Icon'
import { Mark } from '../../ui/Mark'
import { Key } from '../../ui/parts'
import { useScreen } from './context'
import { type FieldLabel, listedLabels } from './fields'
import { Lit } from './Lit'
import { m } from './messages'
import type { Screen } from './screen'

const SIZE = { width: 288, height: 340 }

export function LabelMenu(): ReactNode {
  const screen = useScreen()
  const [typed, setTyped] = useState('')
  const [current, setCurrent] = useState(0)
  const [place] = useState(() => placeOf(screen))
  const box = useRef<HTMLDivElement>(null)
  const found = useMemo(() => search(listedLabels(screen), typed), [screen, typed])
  const at = Math.min(current, Math.max(0, found.length - 1))
  const choose = (chosen: FieldLabel | undefined): void => {
    if (!chosen) return
    screen.open(null)
    screen.tools.chooseLabel(chosen.field, chosen.label)
  }
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setCurrent((at + 1) % Math.max(1, found.length))
    else if (event.key === 'ArrowUp') setCurrent((at - 1 + found.length) % Math.max(1, found.length))
    else if (event.key === 'Enter') choose(found[at])
    else if (event.key === 'Escape' || event.key === 'Tab') screen.open(null)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div className="menu-veil" onPointerDown={(event) => event.target === event.currentTarget && screen.open(null)}>
      <div ref={box} className="floatbar label-menu" role="dialog" aria-label={m.labelMenu} style={{ left: place.x, top: place.y }} onKeyDown={onKeyDown}>
        <label className="input frame">
          <Icon name="search" />
          <input type="text" autoFocus value={typed} aria-label={m.findLabel} placeholder={m.findLabel} role="combobox" aria-expanded aria-controls="label-list" aria-activedescendant={`label-${at}`} onChange={(event) => { setTyped(event.target.value); setCurrent(0) }} />
        </label>
        <ul id="label-list" role="listbox">
          {found.map(({ field, label }, i) => (
            <li key={`${field.key}/${label.key}`} id={`label-${i}`} role="option" aria-selected={i === at} className={i === at ? 'on' : ''} title={label.definition || undefined} ref={i === at ? intoView : undefined} onPointerMove={() => setCurrent(i)} onClick={() => choose({ field, label })}>
              <Mark index={label.index} />
              <span className="grow tr" dir="auto"><Lit text={label.title} typed={typed} /></span>
              {label.hotkey && <Key>{shownChord(label.hotkey)}</Key>}
            </li>
          ))}
        </ul>
        {found.length === 0 && <p className="none t3 f12">{m.noLabel}</p>}
      </div>
    </div>
  )
}

/** Under the pointer, but whole on the screen. */
function placeOf(screen: Screen): { x: number; y: number } {
  const box = document.querySelector('.lab .surf')?.getBoundingClientRect() ?? new DOMRect()
  const { x, y } = screen.surface?.pointer() ?? { x: 0, y: 0 }
  const [left, top] = [box.left + (x || box.width / 2 - SIZE.width / 2), box.top + (y || box.height / 3)]
  return { x: Math.max(8, Math.min(left, window.innerWidth - SIZE.width - 8)), y: Math.max(8, Math.min(top, window.innerHeight - SIZE.height - 8)) }
}

function search(labels: readonly FieldLabel[], typed: string): readonly FieldLabel[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const fitting = labels.filter(({ label }) => words.every((w) => `${label.title} ${label.key}`.toLowerCase().includes(w)))
  return fitting.toSorted((a, b) => Number(!a.label.title.toLowerCase().startsWith(typed.toLowerCase())) - Number(!b.label.title.toLowerCase().startsWith(typed.toLowerCase())))
}

function intoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' })
}
