// The parts that open over the page, as they are loaded.
import { Late } from './late'

export const OVER = new Late(() => import('./over'))
