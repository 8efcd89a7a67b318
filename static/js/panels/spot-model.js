// Every parcel that ever lay on a spot, as rows for showing. No document, no map: node tests it.
import { parcelName, period } from './names.js'

/** Rows latest first, as the register answers them. */
export function spotRows(parcels, { texts, format }) {
  return parcels.map((parcel) => ({
    id: parcel.parcel_id,
    label: parcelName(parcel, texts),
    area: format.squareMetres(parcel.legal_area_m2 ?? parcel.area_m2),
    period: parcel.valid_to === parcel.valid_from ? `${format.day(parcel.valid_from)}, ${texts.less_than_a_day}` : period(parcel.valid_from, parcel.valid_to, texts, format),
    landUse: parcel.land_use,
    inForce: parcel.in_force,
  }))
}

/** X (north) and Y (east) as Vietnamese sheets write a point. */
export const spotText = ([east, north], format) => `X ${format.metres(north)} · Y ${format.metres(east)}`

/** A spot as the address of the page holds it, in whole centimetres of its plane, and back. */
export const spotAddress = ([east, north]) => `${east.toFixed(2)},${north.toFixed(2)}`

/** The E, N of an address, or null. */
export function readSpot(text) {
  const parts = String(text ?? '').split(',').map(Number)
  return parts.length === 2 && parts.every((each) => Number.isFinite(each) && each !== 0) ? parts : null
}
