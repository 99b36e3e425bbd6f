// Which columns are shown and in which order, also without a mouse.
import { useState, type MouseEvent } from 'react'
import { Button, Check, IconButton, Popover } from '../../ui'
import { moved, toggled, type Column, type Layout } from './columns'
import { m } from './messages'

export function ColumnsMenu({ every, layout }: { every: readonly Column[]; layout: Layout }) {
  const [opened, setOpened] = useState(false)
  const { shown, put } = layout
  const order = shown.filter((c) => c.key !== 'content')
  const hidden = every.filter((c) => c.key !== 'content' && !shown.some((one) => one.key === c.key))
  // A row that moves in the page loses the focus; it goes back to the button, which is never disabled for the same reason.
  const move = (event: MouseEvent<HTMLButtonElement>, index: number, to: number) => {
    const button = event.currentTarget
    if (to < 0 || to >= order.length) return
    put(moved(shown, order[index]?.key ?? '', order[to < index ? to : to + 1]?.key ?? null))
    requestAnimationFrame(() => button.focus())
  }
  return (
    <Popover opened={opened} onChange={setOpened} width={280} control={<Button look="quiet" icon="columns" aria-expanded={opened} onClick={() => setOpened(!opened)}>{m.columns}</Button>}>
      <ul className="cols" aria-label={m.columns}>
        {order.map((column, index) => (
          <li key={column.key}>
            <Check checked onChange={() => put(toggled(shown, column.key))}>{column.title}</Check>
            <span className="grow" />
            <IconButton size="small" icon="cu" label={m.columnUp(column.title)} aria-disabled={index === 0} onClick={(event) => move(event, index, index - 1)} />
            <IconButton size="small" icon="cd" label={m.columnDown(column.title)} aria-disabled={index === order.length - 1} onClick={(event) => move(event, index, index + 1)} />
          </li>
        ))}
        {hidden.map((column) => <li key={column.key}><Check checked={false} onChange={() => put(toggled(shown, column.key))}>{column.title}</Check></li>)}
      </ul>
      <div className="cols-foot"><Button look="quiet" size="small" icon="undo" disabled={!layout.own} onClick={() => layout.forget()}>{m.usualColumns}</Button></div>
    </Popover>
  )
}
