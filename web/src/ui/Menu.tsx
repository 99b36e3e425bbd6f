// Menus and popovers at a control. What opens is loaded after the first paint, and drawn once it was opened.
import { cloneElement, useId, useRef, useState, type HTMLAttributes, type ReactElement, type ReactNode, type Ref } from 'react'
import type { MenuEntry } from './entries'
import { useLate } from './late'
import { OVER } from './overs'

export type { MenuEntry } from './entries'

type Control = ReactElement<HTMLAttributes<HTMLElement> & { ref?: Ref<HTMLElement> }>

/** A list of things to do, opened by the control it is given. */
export function Menu({ control, entries, width = 220, position = 'bottom-start' }: { control: ReactElement; entries: readonly MenuEntry[]; width?: number; position?: 'bottom-start' | 'bottom-end' | 'top-start' | 'right-start' }) {
  const [opened, setOpened] = useState(false)
  const { id, at, over, tied } = useOver(opened, 'menu')
  return (
    <>
      {cloneElement(control as Control, { ...tied, onClick: () => setOpened(!opened) })}
      {over && <over.List id={id} at={at} opened={opened} onChange={setOpened} width={width} position={position} entries={entries} />}
    </>
  )
}

/** A small panel at a control, open or closed by whoever renders it. `bare`: the control is no button itself, but holds some. */
export function Popover({ control, opened, onChange, children, width = 320, bare = false }: { control: ReactElement; opened: boolean; onChange: (opened: boolean) => void; children: ReactNode; width?: number; bare?: boolean }) {
  const { id, at, over, tied } = useOver(opened, 'dialog')
  return (
    <>
      {cloneElement(control as Control, bare ? { ref: at } : tied)}
      {over && <over.Panel id={id} at={at} opened={opened} onChange={onChange} width={width} bare={bare}>{children}</over.Panel>}
    </>
  )
}

/** What opens at a control, once it was opened; and what ties the control to it, for the library and for screen readers. */
function useOver(opened: boolean, what: 'menu' | 'dialog') {
  const id = useId()
  const at = useRef<HTMLElement>(null)
  const [was, setWas] = useState(opened)
  if (opened && !was) setWas(true)
  const over = useLate(OVER, was)
  const isShown = opened && over !== null
  const tied = { ref: at, id, 'aria-haspopup': what, 'aria-expanded': isShown, 'aria-controls': isShown ? `${id}-dropdown` : undefined }
  return { id, at, over: was ? over : null, tied }
}
