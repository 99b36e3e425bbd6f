export { GoldPage } from './GoldPage'
