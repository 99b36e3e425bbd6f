// Layers: what can be done with the shapes of each field on this screen.

import type { ReactNode } from 'react'
import { LAYER_MODES, type LayerMode } from '../../engine/view'
import { Segmented } from '../../ui/parts'
import { drawnFields } from './fields'
import { m } from './messages'
import type { Screen } from './screen'

export function LayersPanel({ screen }: { screen: Screen }): ReactNode {
  return (
    <div className="floatbar beside keep-focus" role="dialog" aria-label={m.layers}>
      {drawnFields(screen).map((field) => (
        <div key={field.key} className="line">
          <span className="name tr" dir="auto" title={field.title}>{field.title}</span>
          <Segmented<LayerMode> label={field.title} value={screen.view.state.layers.get(field.key) ?? 'editable'} options={LAYER_MODES.map((value) => ({ value, title: m.layerModes[value] }))} onChange={(mode) => screen.sight.setLayer(field, mode)} />
        </div>
      ))}
    </div>
  )
}
