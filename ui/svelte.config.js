// Svelte settings: runes everywhere, and type syntax only, so no preprocessor is needed.
export default {
  compilerOptions: { runes: true },
};
