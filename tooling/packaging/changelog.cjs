// What changesets write into the changelogs: what changed, in the words of the changeset, and which
// versions of our other packages a release is made with. Changesets loads it, as CommonJS.

const changelog = {
  /** @param {{ summary: string }} changeset */
  getReleaseLine: async ({ summary }) => {
    const [first = "", ...rest] = summary.trim().split("\n");
    return [`- ${first}`, ...rest.map((line) => (line === "" ? "" : `  ${line}`))].join("\n");
  },

  /**
   * @param {unknown} _changesets
   * @param {{ name: string, newVersion: string }[]} dependencies
   */
  getDependencyReleaseLine: async (_changesets, dependencies) => {
    const names = dependencies.map(({ name, newVersion }) => `\`${name}\` ${newVersion}`);
    return names.length === 0 ? "" : `- Made with ${names.join(", ")}.`;
  },
};

module.exports = changelog;
