/** The programs as they are shipped: the bundles that compiled files embed, made once per run.
 *
 * @module
 */
import { bundle, PROGRAMS } from "@servicelet/scripts/compile";
import { bundled, type Program } from "@servicelet/scripts/local";

/** The control plane. */
export let controlPlaneBundle: Program;
/** The servicelet. */
export let serviceletBundle: Program;

/** Makes the bundles in `directory`; to be called before anything is measured. */
export async function makeBundles(directory: string): Promise<void> {
  for (const program of PROGRAMS) {
    const made = bundled(await bundle(program, directory));
    if (program.name === "servicelet") serviceletBundle = made;
    else controlPlaneBundle = made;
  }
}
