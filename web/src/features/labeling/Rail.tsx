// The tools at the left edge, each with its key.

import type { ReactNode } from 'react'
import { shownChord } from '../../engine/hotkeys'
import { isPlain } from '../../engine/tone'
import { Icon, type IconName } from '../../ui/Icon'
import { useScreen } from './context'
import { drawnFields } from './fields'
import { linkTools } from './linking'
import { m } from './messages'
import type { Screen } from './screen'

export function Rail(): ReactNode {
  const screen = useScreen()
  const { tool } = screen.view.state
  const { linking } = screen.view.state
  const linked = linking && (screen.work?.field(linking.label?.field ?? '')?.kind ?? linkTools(screen)[0]?.kind)
  const hasPicture = screen.schema.streams.some((s) => s.kind === 'image' || s.kind === 'document')
  return (
    <nav className="rail" data-panel="rail" aria-label={m.tools} tabIndex={-1}>
      {drawnFields(screen).length > 0 && <Tool screen={screen} id="draw.select" icon="select" on={tool === 'select'} />}
      {hasPicture && <Tool screen={screen} id="draw.pan" icon="hand" on={tool === 'pan'} />}
      {hasPicture && <Tool screen={screen} id="draw.ruler" icon="ruler" on={tool === 'ruler'} />}
      {drawnFields(screen).length > 0 && hasPicture && <hr />}
      {drawnFields(screen).map((field) => {
        const kind = screen.kinds.get(field.kind)
        return kind && kind.surface !== 'form' && kind.surface !== 'link' ? <Tool key={field.key} screen={screen} id={`tool.${field.key}`} icon={kind.tool.icon as IconName} on={tool === field.key} /> : null
      })}
      {linkTools(screen).map(({ id, kind, tool }) => <Tool key={id} screen={screen} id={id} icon={tool.icon as IconName} on={linked === kind} />)}
      {screen.command('draw.snap') && <hr />}
      <Tool screen={screen} id="draw.snap" icon="magnet" on={screen.view.state.snaps} />
      <Tool screen={screen} id="draw.borders" icon="border" on={screen.view.state.borders} />
      <span className="grow" />
      {(screen.view.state.hidden.size > 0 || screen.view.state.shown !== 'filled') && <Tool screen={screen} id="selected.hide" icon="eyeoff" on={false} act={() => screen.sight.showAll()} title={m.showAll} />}
      <Tool screen={screen} id="view.layers" icon="layers" on={screen.popover === 'layers' || screen.view.state.layers.size > 0} />
      {hasPicture && <Tool screen={screen} id="view.tone" icon="contrast" on={screen.popover === 'tone' || !isPlain(screen.view.state.tone)} />}
      <Tool screen={screen} id="view.panel" icon="columns" on={false} />
      <Tool screen={screen} id="view.keys" icon="keyboard" on={false} />
    </nav>
  )
}

function Tool({ screen, id, icon, on, act, title }: { screen: Screen; id: string; icon: IconName; on: boolean; act?: () => void; title?: string }): ReactNode {
  const command = screen.command(id)
  if (command === null) return null
  const key = command.keys[0]
  const name = title ?? command.title
  return (
    <button type="button" className={on ? 'tool on' : 'tool'} aria-pressed={on} aria-label={name} title={key ? `${name} (${shownChord(key)})` : name} onClick={act ?? (() => screen.run(id))}>
      <Icon name={icon} />
      {key && !act && <u aria-hidden="true" data-key={shownChord(key).replace('Shift ', '⇧')} />}
    </button>
  )
}
