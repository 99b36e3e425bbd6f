// Everything that stands around the pages: look, data, routes.
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { Look, Toasts } from '../ui'
import { router } from './routes'
import { client } from './session'

export function App() {
  return (
    <Look>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
        <Toasts />
      </QueryClientProvider>
    </Look>
  )
}
