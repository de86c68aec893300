import { defineConfig } from "vite";

// The page is served at `/`, everything else below `/playground/`. All addresses are relative, so that the playground
// also works behind a proxy that puts leadgraph under a path of its own.
export default defineConfig({
  base: "./",
  build: {
    assetsDir: "playground/assets",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 8000,
  },
  // What is bundled ahead for `npm run dev` can't hold the editor's workers.
  optimizeDeps: { exclude: ["graphiql/setup-workers/vite", "@graphiql/react/setup-workers/vite"] },
  // `npm run dev` works against a leadgraph that runs beside it.
  server: {
    proxy: {
      "/graphql": { target: "http://127.0.0.1:8080", changeOrigin: true },
      "/playground/config.json": { target: "http://127.0.0.1:8080", changeOrigin: true },
    },
  },
});
