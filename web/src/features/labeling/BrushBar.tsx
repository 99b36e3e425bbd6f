// The bar of a tool that paints: brush or another way, add or erase, and the size of the brush.

import type { ReactNode } from 'react'
import { shownChord } from '../../engine/hotkeys'
import type { IconName } from '../../ui/Icon'
import { IconButton } from '../../ui/parts'
import { paintOfTool } from './commands-schema'
import { m } from './messages'
import type { Screen } from './screen'

export function BrushBar({ screen }: { screen: Screen }): ReactNode {
  const paint = paintOfTool(screen)
  const { brush: { way, erases, size }, isTooFar } = screen.view.state
  if (paint === null || screen.work?.isFinal) return null
  return (
    <div className="floatbar brush" role="toolbar" aria-label={m.painting}>
      <Act screen={screen} id="paint.brush" on={way === null} />
      {paint.ways.map(({ id }) => <Act key={id} screen={screen} id={`paint.${id}`} on={way === id} />)}
      <Act screen={screen} id="paint.alike" on={way === 'alike'} />
      <Act screen={screen} id="paint.pieces" on={way === 'pieces'} />
      <span className="sep" />
      <Act screen={screen} id="paint.eraser" on={erases} />
      {(way === null || way === 'pieces') && (
        <>
          <span className="sep" />
          <Act screen={screen} id="paint.smaller" icon="minus" />
          <span className="f12 t2">{m.across(size)}</span>
          <Act screen={screen} id="paint.larger" icon="plus" />
        </>
      )}
      {isTooFar && (way === 'alike' || way === 'pieces') && <span className="f12 warn" role="status">{m.tooFar}</span>}
    </div>
  )
}

function Act({ screen, id, on, icon }: { screen: Screen; id: string; on?: boolean; icon?: IconName }): ReactNode {
  const command = screen.command(id)
  if (command === null) return null
  const key = command.keys[0]
  return <IconButton icon={icon ?? (command.icon as IconName)} size="small" className={on ? 'on' : ''} {...(on === undefined ? {} : { 'aria-pressed': on })} label={key ? `${command.title} (${shownChord(key)})` : command.title} onClick={() => screen.run(id)} />
}
