// Header, tools, surface and side panel in their places, with the dialogs over them.

import { type PointerEvent, type ReactNode, useRef } from 'react'
import { useScreen } from './context'
import { Dialogs } from './Dialogs'
import { Header } from './Header'
import { Notices } from './Notices'
import { Rail } from './Rail'
import { SidePanel } from './SidePanel'
import { SignIn } from './SignIn'
import { SurfaceArea } from './SurfaceArea'
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
  const wide = screen.formFields.some((f) => f.options['multiline'] === true)
  const classes = ['lab', screen.panelOpen ? '' : 'closed', wide ? 'wide' : '', preview ? 'preview' : ''].filter(Boolean).join(' ')
  return (
    <div ref={root} className={classes} onPointerUp={(event) => giveBackFocus(event, () => screen.surface?.focus())}>
      <Header preview={preview === true} />
      <Rail />
      <main className="surf" data-panel="surface">
        <SurfaceArea />
        {!preview && <Notices schemaVersion={schemaVersion} onReload={onReload} />}
      </main>
      {screen.panelOpen && <SidePanel />}
      <Dialogs />
      {!preview && <SignIn email={person.email} />}
    </div>
  )
}

/** A button that was clicked gives the focus back, so that keys go on working; one reached by Tab keeps it. */
function giveBackFocus(event: PointerEvent, focus: () => void): void {
  const { target } = event
  if (!(target instanceof Element) || !target.closest('button') || target.closest('[aria-haspopup], .pop, .keep-focus')) return
  setTimeout(() => {
    if (document.activeElement instanceof HTMLButtonElement && !document.activeElement.closest('[role="dialog"]')) focus()
  })
}
