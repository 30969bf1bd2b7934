/*
 * Browsers start no worker in a page that is opened from a folder. There, run the worker of the
 * search in a hidden frame instead. Its name keeps the site's builder from fetching such a script.
 *
 * As with a real worker, a message is a copy, and arrives after the code that sends it is through.
 */
if (location.protocol === "file:") {
  const send = (data, deliver) => {
    const event = new MessageEvent("message", { data: structuredClone(data) });
    setTimeout(() => deliver(event));
  };

  window.Worker = class {
    constructor(url) {
      this.waiting = [];
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      document.documentElement.append(this.frame);
      this.scope = this.frame.contentWindow;
      this.scope.postMessage = (data) => send(data, (event) => this.onmessage?.(event));
      const script = this.scope.document.createElement("script");
      script.src = new URL(url, document.baseURI);
      script.onload = () => {
        const waiting = this.waiting;
        this.waiting = undefined;
        waiting.forEach((data) => this.postMessage(data));
      };
      script.onerror = (event) => this.onerror?.(event);
      this.scope.document.head.append(script);
    }

    postMessage(data) {
      if (this.waiting) this.waiting.push(data);
      else send(data, (event) => this.scope?.dispatchEvent(event));
    }

    terminate() {
      this.scope = undefined;
      this.frame.remove();
    }
  };
}
