// Menus and popovers at a control, tooltips on it.
import { Menu as MantineMenu, Popover as MantinePopover, Tooltip as MantineTooltip } from '@mantine/core'
import type { ReactElement, ReactNode } from 'react'
import { Icon, type IconName } from './Icon'
import { Key } from './parts'

export type MenuEntry =
  | { title: string; icon?: IconName; note?: ReactNode; danger?: boolean; disabled?: boolean; on?: boolean; run: () => void }
  | { label: string }
  | 'line'

/** A list of things to do, opened by the control it is given. */
export function Menu({ control, entries, width = 220, position = 'bottom-start' }: { control: ReactElement; entries: readonly MenuEntry[]; width?: number; position?: 'bottom-start' | 'bottom-end' | 'top-start' | 'right-start' }) {
  return (
    <MantineMenu width={width} position={position} offset={4} transitionProps={{ duration: 0 }} classNames={{ dropdown: 'menu', item: 'menu-item', label: 'menu-label', divider: 'menu-line' }} zIndex={350}>
      <MantineMenu.Target>{control}</MantineMenu.Target>
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
  )
}

/** A small panel at a control, open or closed by whoever renders it. `bare`: the control is no button itself, but holds some. */
export function Popover({ control, opened, onChange, children, width = 320, bare = false }: { control: ReactElement; opened: boolean; onChange: (opened: boolean) => void; children: ReactNode; width?: number; bare?: boolean }) {
  return (
    <MantinePopover withRoles={!bare} opened={opened} onChange={onChange} width={width} position="bottom-start" offset={4} trapFocus transitionProps={{ duration: 0 }} classNames={{ dropdown: 'pop' }} zIndex={340}>
      <MantinePopover.Target>{control}</MantinePopover.Target>
      <MantinePopover.Dropdown>{children}</MantinePopover.Dropdown>
    </MantinePopover>
  )
}

/** Words on a control after a moment, with its key. */
export function Tip({ label, keys, children }: { label: string; keys?: string; children: ReactElement }) {
  return (
    <MantineTooltip classNames={{ tooltip: 'tip' }} openDelay={400} transitionProps={{ duration: 0 }} label={<>{label}{keys && <Key>{keys}</Key>}</>} zIndex={360}>
      {children}
    </MantineTooltip>
  )
}
