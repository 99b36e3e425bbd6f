// The bar at the selection: what it is, and what is done to it most.

import type { ReactNode } from 'react'
import { labelOf } from '../../engine/schema'
import { shownChord } from '../../engine/hotkeys'
import { IconButton } from '../../ui/parts'
import { Mark } from '../../ui/Mark'
import type { IconName } from '../../ui/Icon'
import { useScreen } from './context'
import { m } from './messages'

const ACTIONS: readonly { readonly id: string; readonly icon: IconName }[] = [
  { id: 'selected.slice', icon: 'knife' },
  { id: 'selected.unite', icon: 'merge' },
  { id: 'selected.duplicate', icon: 'copy' },
  { id: 'selected.hide', icon: 'eyeoff' },
  { id: 'selected.remove', icon: 'trash' },
]

export function SelectionBar(): ReactNode {
  const screen = useScreen()
  const { selected, work } = screen
  const [first, ...more] = selected
  if (!first || work === null) return null
  const field = work.field(first.field)
  const label = field && labelOf(field, first.label)
  const joins = more.length === 0 ? screen.commands.filter((c) => (c.id.startsWith(`join.${first.kind}.`) || c.id.startsWith(`act.${first.kind}.`)) && c.icon !== undefined && c.when(screen)) : []
  return (
    <div className="floatbar selection" role="toolbar" aria-label={m.selectedMany(selected.length)}>
      <span className="name">
        {more.length === 0 && label && <Mark index={label.index} />}
        {more.length === 0 ? `${label?.title ?? first.field} ${work.store.numberOf(first.id)}` : m.selectedMany(selected.length)}
      </span>
      <span className="sep" />
      {joins.map((command) => <IconButton key={command.id} icon={command.icon as IconName} size="small" label={`${command.title} (${shownChord(command.keys[0] ?? '')})`} onClick={() => screen.run(command.id)} />)}
      {ACTIONS.map(({ id, icon }) => {
        const command = screen.command(id)
        return command?.when(screen) && <IconButton key={id} icon={icon} size="small" label={`${command.title} (${shownChord(command.keys[0] ?? '')})`} onClick={() => screen.run(id)} />
      })}
    </div>
  )
}
