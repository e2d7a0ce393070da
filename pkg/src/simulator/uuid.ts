/** The names of services and characteristics that heart devices use, as browsers accept them beside UUIDs. */
const NAMES: Readonly<Record<string, number>> = {
  heart_rate: 0x180d,
  battery_service: 0x180f,
  device_information: 0x180a,
  heart_rate_measurement: 0x2a37,
  body_sensor_location: 0x2a38,
  heart_rate_control_point: 0x2a39,
  battery_level: 0x2a19,
  model_number_string: 0x2a24,
};

/** The canonical form: 128 bits, lower case. Upper case is refused, as browsers do. */
export function canonicalUuid(name: string | number): string {
  const short = typeof name === 'number' ? name : NAMES[name];
  if (short !== undefined) return `${short.toString(16).padStart(8, '0')}-0000-1000-8000-00805f9b34fb`;
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(String(name))) return String(name);
  throw new TypeError(`Invalid UUID or name: ${String(name)}`);
}
