import type { SettingsFinding } from '../finding';
import type { Settings } from '../settings';
import { isCidr, isDeclaredName, isRefusedByFalco } from './syntax';

/** Destinations that are declared: names of macros, networks and ports. */
export function checkDeclared({ egress }: Settings): SettingsFinding[] {
  return Object.entries(egress.declared).flatMap(([name, { networks = [], ports = [] }]) => {
    const path = ['egress', 'declared', name];
    return [
      ...(isDeclaredName(name)
        ? []
        : [{ path, message: `becomes the end of a macro's name; take small letters, digits and '_'` }]),
      ...(networks.length > 0 || ports.length > 0
        ? []
        : [{ path, message: `declares nothing; give it networks, ports or both` }]),
      ...networks.flatMap((network, index) =>
        isCidr(network) && !isRefusedByFalco(network)
          ? []
          : [
              {
                path: [...path, 'networks', index],
                message: `'${network}' is not a range of addresses that Falco takes; write one such as '10.0.0.0/8' or 'fd00::/8'`,
              },
            ],
      ),
      ...ports.flatMap((port, index) =>
        Number.isInteger(port) && port >= 1 && port <= 65535
          ? []
          : [
              {
                path: [...path, 'ports', index],
                message: `${port} is not a port; write a number from 1 to 65535`,
              },
            ],
      ),
    ];
  });
}
