/*
 * Browsers start no worker in a page that is opened from a folder. There, run the worker of the
 * search in a hidden frame instead. Its name keeps the site's builder from fetching such a script.
 */
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      this.waiting = [];
      const frame = document.createElement("iframe");
      frame.hidden = true;
      frame.title = "search";
      const start = () => {
        this.scope = frame.contentWindow;
        this.scope.postMessage = (data) => {
          const event = new MessageEvent("message", { data });
          this.dispatchEvent(event);
          if (this.onmessage) this.onmessage(event);
        };
        const script = this.scope.document.createElement("script");
        script.src = new URL(url, location.href).href;
        script.onload = () => {
          const waiting = this.waiting;
          this.waiting = null;
          waiting.forEach((data) => this.postMessage(data));
        };
        this.scope.document.head.append(script);
      };
      document.documentElement.append(frame);
      start();
      this.frame = frame;
    }
    postMessage(data) {
      if (this.waiting) this.waiting.push(data);
      else this.scope.dispatchEvent(new MessageEvent("message", { data }));
    }
    terminate() {
      this.frame.remove();
    }
  };
}
