// What opens over the page: the frames of dialogs, menus and small panels, of the library. Loaded after the first paint.

import { MantineProvider, Menu as MantineMenu, Modal, Popover as MantinePopover } from '@mantine/core'
import { type ReactNode, type Ref, type RefObject, useEffect, useLayoutEffect, useState } from 'react'
import type { MenuEntry } from './entries'
import { Icon } from './Icon'
import { useScheme } from './Look'

interface FrameProps {
  readonly title: string
  readonly onClose: () => void
  readonly width: number
  readonly bare: boolean
  readonly children: ReactNode
}

/** Binds the library to the tokens. No <style> element is made, so the policy needs no 'unsafe-inline'. */
function Bound({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <MantineProvider forceColorScheme={useScheme()} withCssVariables={false} withGlobalClasses={false}>
      {children}
    </MantineProvider>
  )
}

/** The frame of a dialog: over the page, keeping the focus inside. */
export function Frame({ title, onClose, width, bare, children }: FrameProps): ReactNode {
  return (
    <Bound>
      {/* Scrolling is never locked: that would write a <style> element, and the page itself does not scroll. */}
      <Modal.Root opened onClose={onClose} lockScroll={false} centered={!bare} size={width} yOffset={96} transitionProps={{ duration: 0 }} zIndex={300} classNames={bare ? { content: 'dlg palette', inner: 'dlg-top' } : { content: 'dlg' }}>
        <Modal.Overlay className="scrim" backgroundOpacity={0} style={{ background: 'var(--scrim)' }} />
        {/* A class given to the content itself would go to the frame around it, too; the library overwrites aria-labelledby. */}
        <Modal.Content radius={6} aria-label={title}>{children}</Modal.Content>
      </Modal.Root>
    </Bound>
  )
}

interface AtProps {
  readonly id: string
  /** The control that it opens at, which is drawn by the page. */
  readonly at: RefObject<HTMLElement | null>
  readonly opened: boolean
  readonly onChange: (opened: boolean) => void
  readonly width: number
}

/** A list of things to do. */
export function List({ id, at, opened, onChange, width, position, entries }: AtProps & { readonly position: 'bottom-start' | 'bottom-end' | 'top-start' | 'right-start'; readonly entries: readonly MenuEntry[] }): ReactNode {
  const isOpen = useAfterMount(opened)
  return (
    <Bound>
      <MantineMenu id={id} opened={isOpen} onChange={onChange} width={width} position={position} offset={4} transitionProps={{ duration: 0 }} classNames={{ dropdown: 'menu', item: 'menu-item', label: 'menu-label', divider: 'menu-line' }} zIndex={350}>
        <MantineMenu.Target><Anchor at={at} /></MantineMenu.Target>
        <MantineMenu.Dropdown>
          {entries.map((entry, index) => {
            if (entry === 'line') return <MantineMenu.Divider key={index} />
            if ('label' in entry) return <MantineMenu.Label key={index}>{entry.label}</MantineMenu.Label>
            return (
              <MantineMenu.Item key={index} className={entry.danger ? 'danger' : undefined} disabled={entry.disabled} onClick={entry.run}>
                <span className="row g2" style={{ width: '100%' }}>
                  {entry.icon && <Icon name={entry.icon} />}
                  <span className="tr">{entry.title}</span>
                  {entry.note && <span className="c">{entry.note}</span>}
                  {entry.on && <span className="c gold"><Icon name="check" small /></span>}
                </span>
              </MantineMenu.Item>
            )
          })}
        </MantineMenu.Dropdown>
      </MantineMenu>
    </Bound>
  )
}

/** A small panel. */
export function Panel({ id, at, opened, onChange, width, bare, children }: AtProps & { readonly bare: boolean; readonly children: ReactNode }): ReactNode {
  const isOpen = useAfterMount(opened)
  return (
    <Bound>
      <MantinePopover id={id} withRoles={!bare} opened={isOpen} onChange={onChange} width={width} position="bottom-start" offset={4} trapFocus transitionProps={{ duration: 0 }} classNames={{ dropdown: 'pop' }} zIndex={340}>
        <MantinePopover.Target><Anchor at={at} /></MantinePopover.Target>
        <MantinePopover.Dropdown>{children}</MantinePopover.Dropdown>
      </MantinePopover>
    </Bound>
  )
}

/** The library sees what opens only as a change: so it keeps where the focus was. */
function useAfterMount(opened: boolean): boolean {
  const [isMounted, setMounted] = useState(false)
  useEffect(() => setMounted(true), [])
  return opened && isMounted
}

/** Stands for a control that is drawn elsewhere: the library is given its element. */
function Anchor({ at, ref }: { readonly at: RefObject<HTMLElement | null>; readonly ref?: Ref<HTMLElement> }): ReactNode {
  useLayoutEffect(() => {
    if (typeof ref !== 'function') return
    ref(at.current)
    return () => {
      ref(null)
    }
  }, [at, ref])
  return null
}
