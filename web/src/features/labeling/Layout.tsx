// Header, tools, surface and side panel in their places, with the dialogs over them.

import { type MouseEvent, type ReactNode, useRef } from 'react'
import { Pinned, ToldPanel } from './beside'
import { useScreen } from './context'
import { Dialogs } from './Dialogs'
import { formFields } from './fields'
import { Header } from './Header'
import { LayersPanel } from './LayersPanel'
import { Notices } from './Notices'
import { Rail } from './Rail'
import { SidePanel } from './SidePanel'
import { SignIn } from './SignIn'
import { SurfaceArea } from './SurfaceArea'
import { TonePanel } from './TonePanel'
import { useKeys } from './use-keys'

export interface LayoutProps {
  readonly person: { readonly id: string; readonly email: string }
  readonly schemaVersion: number
  readonly onReload: (() => void) | undefined
  /** A preview keeps its own size and has no way to submit. */
  readonly preview?: boolean
}

export function Layout({ person, schemaVersion, onReload, preview }: LayoutProps): ReactNode {
  const screen = useScreen()
  const root = useRef<HTMLDivElement>(null)
  useKeys(screen, root)
  // A card asks under itself.
  const hasPanel = screen.choices.panelOpen && !screen.isIdle && !screen.schema.card
  const wide = formFields(screen).some((f) => f.options['multiline'] === true)
  const classes = ['lab', hasPanel ? '' : 'closed', wide ? 'wide' : '', preview ? 'preview' : ''].filter(Boolean).join(' ')
  return (
    <div ref={root} className={classes} onClick={(event) => giveBackFocus(event, () => screen.surface?.focus())}>
      <Header preview={preview === true} />
      <Rail />
      {preview ? (
        <div className="surf" data-panel="surface"><SurfaceArea /></div>
      ) : (
        <main className="surf" id="main" tabIndex={-1} data-panel="surface">
          <SurfaceArea />
          {screen.popover === 'tone' && screen.work !== null && <TonePanel screen={screen} />}
          {screen.popover === 'layers' && screen.work !== null && <LayersPanel screen={screen} />}
          <Notices schemaVersion={schemaVersion} onReload={onReload} />
          <ToldPanel />
        </main>
      )}
      {hasPanel && <SidePanel />}
      <Pinned />
      <Dialogs />
      {!preview && <SignIn email={person.email} />}
    </div>
  )
}

/** A button that was clicked gives the focus back at once, so that the very next key acts; one reached by Tab keeps it. */
function giveBackFocus({ target, detail }: MouseEvent, focus: () => void): void {
  const isByKey = detail === 0
  if (isByKey || !(target instanceof Element) || !target.closest('button') || target.closest('[aria-haspopup], .pop, .keep-focus')) return
  if (document.activeElement instanceof HTMLButtonElement && !document.activeElement.closest('[role="dialog"]')) focus()
}
