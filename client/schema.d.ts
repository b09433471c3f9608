// The types of Amanah's API, generated from its OpenAPI description by `npm run client`. Not to be edited.

export interface paths {
  "/badges/{merchant}.json": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The words of a merchant's badge */
    get: {
      parameters: {
        query?: {
          /** en, id or zh-CN; of another language tag its main part counts */
          lang?: string;
        };
        header?: never;
        path: {
          merchant: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The words, and where they lead */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Badge"];
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/badges/{merchant}.svg": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** A merchant's badge as an image */
    get: {
      parameters: {
        query?: {
          /** en, id or zh-CN; of another language tag its main part counts */
          lang?: string;
          /** auto follows what the reader's system prefers */
          theme?: "auto" | "light" | "dark";
        };
        header?: never;
        path: {
          merchant: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The image */
        200: { headers: { [name: string]: unknown }; content?: never };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/books/documents/{hash}.json": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read a public document that a batch timestamps */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          hash: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The document */
        200: { headers: { [name: string]: unknown }; content?: never };
        /** Not known, not public, or its batch is not sealed yet */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/books/ledger.json": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Where an audit begins: the ledger, its contract, its charities, the newest book */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** `amanah-ledger/1` */
        200: { headers: { [name: string]: unknown }; content?: never };
        /** Not published yet */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/books/{batch}.arrow": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read the book of a batch */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          batch: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The book */
        200: { headers: { [name: string]: unknown }; content?: never };
        /** The range that was asked for */
        206: { headers: { [name: string]: unknown }; content?: never };
        /** The reader has it already */
        304: { headers: { [name: string]: unknown }; content?: never };
        /** The batch is not sealed yet */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/health": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Whether the service keeps its promises */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** It does */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Health"];
        } };
        /** Sealing or anchoring is behind its promise, an alarm is raised, or a fault is proven of a line */
        503: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Health"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/metrics": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Figures for Prometheus */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** In the text format of Prometheus */
        200: { headers: { [name: string]: unknown }; content?: never };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/activities": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Announce an activity */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          organiser: string;
          title: string;
          kind?: "offline" | "blood" | "tree" | "step-gift" | "gift";
          place: string;
          startsAt: string;
          endsAt: string;
          utcOffset: string;
          pauses?: {
            from: string;
            to: string;
          }[];
          places: number;
        };
      } };
      responses: {
        /** The same was announced before */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Activity"];
        } };
        /** Announced */
        201: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Activity"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
    /** List activities */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
          organiser?: string;
          /** those that end later; now when left out */
          from?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page, by their ends */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["Activity"][];
            next: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/activities/{id}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read an activity */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** As announced, and how many attendances had their times set by hand */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            /** the hash of the announcement: `terms` in its receipts */
            id: string;
            organiser: string;
            title: string;
            kind: string;
            place: string;
            startsAt: string;
            endsAt: string;
            utcOffset: string;
            pauses: {
              from: string;
              to: string;
            }[];
            places: number;
            free: number;
            /** whose notice names it; receipts for it come in later batches */
            batch: string;
            byHand: number;
          };
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/activities/{id}/attendance": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read one's attendance, as the volunteer */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The attendance as it stands */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            /** 32 bytes in hexadecimal */
            activity: string;
            volunteer: string;
            state: "signed-up" | "withdrawn" | "checked-in" | "checked-out" | "proposed" | "disputed" | "decided" | "appealed" | "agreed" | "recorded";
            checkIn: string | null;
            checkOut: string | null;
            pieces: number | null;
            /** why the organiser set the times by hand */
            byHand: string | null;
            /** why the volunteer disputes */
            reason: string | null;
            /** what was decided of it, and why */
            decision: string | null;
            /** when it goes on by itself */
            dueAt: string | null;
            /** what it counts for as it stands; null before the check-out */
            counted: {
              effectiveMinutes: number;
              tenths: number;
              hours: string;
            } | null;
            receipt: string | null;
            receiptKey: string | null;
            link: string | null;
          };
        } };
        /** Not this volunteer's key, or not the code at the door */
        403: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Not signed up */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Not in the state for it; `came` names the state */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/activities/{id}/attendance/agreement": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Agree to what is proposed, as the volunteer */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": Record<string, never>;
      } };
      responses: {
        /** The attendance as it stands */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            /** 32 bytes in hexadecimal */
            activity: string;
            volunteer: string;
            state: "signed-up" | "withdrawn" | "checked-in" | "checked-out" | "proposed" | "disputed" | "decided" | "appealed" | "agreed" | "recorded";
            checkIn: string | null;
            checkOut: string | null;
            pieces: number | null;
            /** why the organiser set the times by hand */
            byHand: string | null;
            /** why the volunteer disputes */
            reason: string | null;
            /** what was decided of it, and why */
            decision: string | null;
            /** when it goes on by itself */
            dueAt: string | null;
            /** what it counts for as it stands; null before the check-out */
            counted: {
              effectiveMinutes: number;
              tenths: number;
              hours: string;
            } | null;
            receipt: string | null;
            receiptKey: string | null;
            link: string | null;
          };
        } };
        /** Not this volunteer's key, or not the code at the door */
        403: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Not signed up */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Not in the state for it; `came` names the state */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/activities/{id}/attendance/check-in": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Check in with the code at the door, as the volunteer */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          code: string;
        };
      } };
      responses: {
        /** The attendance as it stands */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            /** 32 bytes in hexadecimal */
            activity: string;
            volunteer: string;
            state: "signed-up" | "withdrawn" | "checked-in" | "checked-out" | "proposed" | "disputed" | "decided" | "appealed" | "agreed" | "recorded";
            checkIn: string | null;
            checkOut: string | null;
            pieces: number | null;
            /** why the organiser set the times by hand */
            byHand: string | null;
            /** why the volunteer disputes */
            reason: string | null;
            /** what was decided of it, and why */
            decision: string | null;
            /** when it goes on by itself */
            dueAt: string | null;
            /** what it counts for as it stands; null before the check-out */
            counted: {
              effectiveMinutes: number;
              tenths: number;
              hours: string;
            } | null;
            receipt: string | null;
            receiptKey: string | null;
            link: string | null;
          };
        } };
        /** Not this volunteer's key, or not the code at the door */
        403: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Not signed up */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Not in the state for it; `came` names the state */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/activities/{id}/attendance/check-out": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Check out with the code at the door, as the volunteer */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          code: string;
        };
      } };
      responses: {
        /** The attendance as it stands */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            /** 32 bytes in hexadecimal */
            activity: string;
            volunteer: string;
            state: "signed-up" | "withdrawn" | "checked-in" | "checked-out" | "proposed" | "disputed" | "decided" | "appealed" | "agreed" | "recorded";
            checkIn: string | null;
            checkOut: string | null;
            pieces: number | null;
            /** why the organiser set the times by hand */
            byHand: string | null;
            /** why the volunteer disputes */
            reason: string | null;
            /** what was decided of it, and why */
            decision: string | null;
            /** when it goes on by itself */
            dueAt: string | null;
            /** what it counts for as it stands; null before the check-out */
            counted: {
              effectiveMinutes: number;
              tenths: number;
              hours: string;
            } | null;
            receipt: string | null;
            receiptKey: string | null;
            link: string | null;
          };
        } };
        /** Not this volunteer's key, or not the code at the door */
        403: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Not signed up */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Not in the state for it; `came` names the state */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/activities/{id}/attendance/dispute": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Dispute what is proposed or decided, as the volunteer */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          reason: string;
        };
      } };
      responses: {
        /** The attendance as it stands */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            /** 32 bytes in hexadecimal */
            activity: string;
            volunteer: string;
            state: "signed-up" | "withdrawn" | "checked-in" | "checked-out" | "proposed" | "disputed" | "decided" | "appealed" | "agreed" | "recorded";
            checkIn: string | null;
            checkOut: string | null;
            pieces: number | null;
            /** why the organiser set the times by hand */
            byHand: string | null;
            /** why the volunteer disputes */
            reason: string | null;
            /** what was decided of it, and why */
            decision: string | null;
            /** when it goes on by itself */
            dueAt: string | null;
            /** what it counts for as it stands; null before the check-out */
            counted: {
              effectiveMinutes: number;
              tenths: number;
              hours: string;
            } | null;
            receipt: string | null;
            receiptKey: string | null;
            link: string | null;
          };
        } };
        /** Not this volunteer's key, or not the code at the door */
        403: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Not signed up */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Not in the state for it; `came` names the state */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/activities/{id}/attendance/withdrawal": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Withdraw before the start, as the volunteer */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": Record<string, never>;
      } };
      responses: {
        /** The attendance as it stands */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            /** 32 bytes in hexadecimal */
            activity: string;
            volunteer: string;
            state: "signed-up" | "withdrawn" | "checked-in" | "checked-out" | "proposed" | "disputed" | "decided" | "appealed" | "agreed" | "recorded";
            checkIn: string | null;
            checkOut: string | null;
            pieces: number | null;
            /** why the organiser set the times by hand */
            byHand: string | null;
            /** why the volunteer disputes */
            reason: string | null;
            /** what was decided of it, and why */
            decision: string | null;
            /** when it goes on by itself */
            dueAt: string | null;
            /** what it counts for as it stands; null before the check-out */
            counted: {
              effectiveMinutes: number;
              tenths: number;
              hours: string;
            } | null;
            receipt: string | null;
            receiptKey: string | null;
            link: string | null;
          };
        } };
        /** Not this volunteer's key, or not the code at the door */
        403: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Not signed up */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Not in the state for it; `came` names the state */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/activities/{id}/attendances": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** List attendances, as the organiser */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page, by volunteer */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: ({
              /** 32 bytes in hexadecimal */
              activity: string;
              volunteer: string;
              state: "signed-up" | "withdrawn" | "checked-in" | "checked-out" | "proposed" | "disputed" | "decided" | "appealed" | "agreed" | "recorded";
              checkIn: string | null;
              checkOut: string | null;
              pieces: number | null;
              /** why the organiser set the times by hand */
              byHand: string | null;
              /** why the volunteer disputes */
              reason: string | null;
              /** what was decided of it, and why */
              decision: string | null;
              /** when it goes on by itself */
              dueAt: string | null;
              /** what it counts for as it stands; null before the check-out */
              counted: {
                effectiveMinutes: number;
                tenths: number;
                hours: string;
              } | null;
              receipt: string | null;
              name: string;
              displayName: string | null;
            })[];
            next: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/activities/{id}/attendances/{volunteer}/by-hand": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Set the times by hand, with a reason, as the organiser */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
          volunteer: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          checkIn: string;
          checkOut?: string | null;
          reason: string;
        };
      } };
      responses: {
        /** The attendance as it stands */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            /** 32 bytes in hexadecimal */
            activity: string;
            volunteer: string;
            state: "signed-up" | "withdrawn" | "checked-in" | "checked-out" | "proposed" | "disputed" | "decided" | "appealed" | "agreed" | "recorded";
            checkIn: string | null;
            checkOut: string | null;
            pieces: number | null;
            /** why the organiser set the times by hand */
            byHand: string | null;
            /** why the volunteer disputes */
            reason: string | null;
            /** what was decided of it, and why */
            decision: string | null;
            /** when it goes on by itself */
            dueAt: string | null;
            /** what it counts for as it stands; null before the check-out */
            counted: {
              effectiveMinutes: number;
              tenths: number;
              hours: string;
            } | null;
            receipt: string | null;
            name: string;
            displayName: string | null;
          };
        } };
        /** Not signed up */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Not in the state for it; `came` names the state */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/activities/{id}/attendances/{volunteer}/confirmation": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Confirm what was counted, as the organiser */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
          volunteer: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          pieces?: number | null;
        };
      } };
      responses: {
        /** The attendance as it stands */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            /** 32 bytes in hexadecimal */
            activity: string;
            volunteer: string;
            state: "signed-up" | "withdrawn" | "checked-in" | "checked-out" | "proposed" | "disputed" | "decided" | "appealed" | "agreed" | "recorded";
            checkIn: string | null;
            checkOut: string | null;
            pieces: number | null;
            /** why the organiser set the times by hand */
            byHand: string | null;
            /** why the volunteer disputes */
            reason: string | null;
            /** what was decided of it, and why */
            decision: string | null;
            /** when it goes on by itself */
            dueAt: string | null;
            /** what it counts for as it stands; null before the check-out */
            counted: {
              effectiveMinutes: number;
              tenths: number;
              hours: string;
            } | null;
            receipt: string | null;
            name: string;
            displayName: string | null;
          };
        } };
        /** Not signed up */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Not in the state for it; `came` names the state */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/activities/{id}/attendances/{volunteer}/decision": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Decide a dispute, as the organiser */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
          volunteer: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          checkIn: string;
          checkOut: string;
          pieces?: number | null;
          reason: string;
        };
      } };
      responses: {
        /** The attendance as it stands */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            /** 32 bytes in hexadecimal */
            activity: string;
            volunteer: string;
            state: "signed-up" | "withdrawn" | "checked-in" | "checked-out" | "proposed" | "disputed" | "decided" | "appealed" | "agreed" | "recorded";
            checkIn: string | null;
            checkOut: string | null;
            pieces: number | null;
            /** why the organiser set the times by hand */
            byHand: string | null;
            /** why the volunteer disputes */
            reason: string | null;
            /** what was decided of it, and why */
            decision: string | null;
            /** when it goes on by itself */
            dueAt: string | null;
            /** what it counts for as it stands; null before the check-out */
            counted: {
              effectiveMinutes: number;
              tenths: number;
              hours: string;
            } | null;
            receipt: string | null;
            name: string;
            displayName: string | null;
          };
        } };
        /** Not signed up */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Not in the state for it; `came` names the state */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/activities/{id}/code": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The code at the door */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The code of this moment */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            code: string;
            link: string;
            /** the link as a QR code: a row of 0 and 1 each */
            rows: string[];
            until: string;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/activities/{id}/sign-ups": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Sign up as a volunteer */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          volunteer?: string;
          displayName?: string;
          once?: string;
        };
      } };
      responses: {
        /** Signed up before */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            /** 32 bytes in hexadecimal */
            activity: string;
            volunteer: string;
            state: "signed-up" | "withdrawn" | "checked-in" | "checked-out" | "proposed" | "disputed" | "decided" | "appealed" | "agreed" | "recorded";
            checkIn: string | null;
            checkOut: string | null;
            pieces: number | null;
            /** why the organiser set the times by hand */
            byHand: string | null;
            /** why the volunteer disputes */
            reason: string | null;
            /** what was decided of it, and why */
            decision: string | null;
            /** when it goes on by itself */
            dueAt: string | null;
            /** what it counts for as it stands; null before the check-out */
            counted: {
              effectiveMinutes: number;
              tenths: number;
              hours: string;
            } | null;
            receipt: string | null;
            /** the volunteer's; it opens their hours, so keep it */
            key: string;
          };
        } };
        /** Signed up */
        201: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            /** 32 bytes in hexadecimal */
            activity: string;
            volunteer: string;
            state: "signed-up" | "withdrawn" | "checked-in" | "checked-out" | "proposed" | "disputed" | "decided" | "appealed" | "agreed" | "recorded";
            checkIn: string | null;
            checkOut: string | null;
            pieces: number | null;
            /** why the organiser set the times by hand */
            byHand: string | null;
            /** why the volunteer disputes */
            reason: string | null;
            /** what was decided of it, and why */
            decision: string | null;
            /** when it goes on by itself */
            dueAt: string | null;
            /** what it counts for as it stands; null before the check-out */
            counted: {
              effectiveMinutes: number;
              tenths: number;
              hours: string;
            } | null;
            receipt: string | null;
            /** the volunteer's; it opens their hours, so keep it */
            key: string;
          };
        } };
        /** All places are taken, or the activity is over */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/bank": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** How the bank rail stands: what is on the way, what waits and why, what needs a person */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The overview */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["BankOverview"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/bank/entries": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** List what the bank told of, newest first */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
          flagged?: "" | "true" | "false";
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["BankEntry"][];
            next: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/bank/entries/{id}/resolution": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Resolve a flag: say what the movement was */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          note: string;
          accept?: boolean;
          payout?: string;
        };
      } };
      responses: {
        /** Resolved */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["BankEntry"];
        } };
        /** No flag of this number is open, or it cannot be accepted */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/bank/files": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** List the files for the bank, newest first */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["BankFile"][];
            next: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/bank/files/{id}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Download a file for the bank: ISO 20022 pain.001.001.03 */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The file */
        200: { headers: { [name: string]: unknown }; content?: never };
        /** There is none of this number */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/bank/notifications": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Import the bank's notification: ISO 20022 camt.054.001.02 to .08 */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/xml": string;
      } };
      responses: {
        /** What each movement came to */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["BankNotification"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/bank/release": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Let transfers be filed again after the ledger was put back from a backup */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": Record<string, never>;
      } };
      responses: {
        /** The next settlement run files what is due */
        200: { headers: { [name: string]: unknown }; content?: never };
        /** Nothing holds transfers back */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/bank/transfers": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** List transfers, those of the newest payouts first */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
          state?: "filed" | "confirmed" | "returned" | "bounced";
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["Transfer"][];
            next: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/bank/transfers/{id}/rejection": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Say that the bank has refused a transfer, so that nothing will leave for it */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          reason: string;
        };
      } };
      responses: {
        /** It will be filed again */
        200: { headers: { [name: string]: unknown }; content?: never };
        /** It is not on the way */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/batches": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** List batches, newest first */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["Batch"][];
            next: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/batches/{number}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read a batch with its statements and notices */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          number: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The batch */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            /** whole minor units */
            number: string;
            state: "open" | "closed" | "sealed" | "submitted" | "anchored" | "final";
            openedAt: string;
            closedAt: string | null;
            receipts: string | null;
            root: string | null;
            transaction: string | null;
            block: string | null;
            sealedAt: string | null;
            anchoredAt: string | null;
            statements: components["schemas"]["Statement"][];
            notices: components["schemas"]["Notice"][];
          };
        } };
        /** There is none of this number yet */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/campaigns": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Make a campaign */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          id: string;
          title: string;
          startsAt: string;
          endsAt: string;
          programmes?: (("goods-for-good" | "charity-shop" | "three-hours" | "steps")[]) | null;
          charities?: string[] | null;
          merchants?: string[] | null;
          goals?: ({
            what: "money";
            unit: string;
            amount: string;
          } | ({
            what: "line";
            unit: "STEP" | "MINUTE" | "MEAL";
            amount: string;
          }) | {
            what: "outcome";
            name: string;
            unit: string;
            costs: string;
            count: number;
          })[];
        };
      } };
      responses: {
        /** It was made before */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Campaign"];
        } };
        /** Made, and its document noticed in the batch that this has closed */
        201: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Campaign"];
        } };
        /** Another one has this id, or too many share its time */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
    /** List campaigns, the newest first */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["Campaign"][];
            next: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/campaigns/{id}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read a campaign and what it has come to */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** As it is now */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Campaign"];
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/campaigns/{id}/batches": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What each sealed batch has added to a campaign */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page, by batch and unit */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["CampaignBatch"][];
            next: string | null;
          };
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/campaigns/{id}/end": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** End a campaign now */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": Record<string, never>;
      } };
      responses: {
        /** Ended, now or before */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Campaign"];
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Its window is over */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/campaigns/{id}/stream": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Watch a campaign: server-sent events */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** Events until either side ends it */
        200: { headers: { [name: string]: unknown }; content?: never };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Too many watch already, or the service is stopping: read it instead */
        503: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/certificates/issuer": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Whose signature certificates carry */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A did:key, to compare; null where the operator has set no key for certificates */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            issuer: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/challenges": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** List promises that were challenged, newest first */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["Challenge"][];
            next: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/charities": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Register a charity, or a restricted fund of one */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          registration: string;
          name: string;
          website?: string;
          payee?: string;
          signer?: string;
          rail?: "token" | "bank";
        };
      } };
      responses: {
        /** Was registered before, with the same content */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Charity"];
        } };
        /** Registered */
        201: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Charity"];
        } };
        /** The registration id is taken, with other content */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
    /** List charities */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
          /** the beginning of a registration id, or a part of a name; in either case of letters */
          search?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page, by registration id */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["Charity"][];
            next: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/charities/{id}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read a charity */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The charity */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Charity"];
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/charities/{id}/acknowledgement": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Get what there is to sign for now */
    get: {
      parameters: {
        query?: {
          unit?: string;
          upTo?: string;
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** What to sign */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["AcknowledgementOffer"];
        } };
        /** There is nothing to sign; `detail` says why */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** The charity has no signer */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
    /** Acknowledge payouts by the charity's signature */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          typedData?: components["schemas"]["TypedData"];
          acknowledgement?: {
            /** 32 bytes in hexadecimal */
            charity: string;
            unit: string;
            from: string;
            upTo: string;
            netTo: string;
            received: string;
            batch: string;
            /** 32 bytes in hexadecimal */
            root: string;
          };
          signature: string;
        };
      } };
      responses: {
        /** The contract had the same already */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Acknowledgement"];
        } };
        /** The contract has it */
        201: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Acknowledgement"];
        } };
        /** On its way; `Location` tells how it goes on */
        202: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Acknowledgement"];
        } };
        /** The charity has signed further already, or has no signer */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** It does not say what is on chain, or was signed by another or for another ledger */
        422: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/charities/{id}/acknowledgements": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** List what a charity has signed for, the newest first */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["Acknowledgement"][];
            next: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/charities/{id}/acknowledgements/{number}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read an acknowledgement, also one that the contract has refused */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
          number: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** How it stands */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Acknowledgement"];
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/charities/{id}/bank-account": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Set a charity's bank account */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          name: string;
          iban?: string;
          account?: string;
          bic?: string;
          bankCode?: {
            system: string;
            code: string;
          };
          country?: string;
        };
      } };
      responses: {
        /** Was set so before */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["BankAccounts"];
        } };
        /** Set, or waiting */
        201: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["BankAccounts"];
        } };
        /** No such charity */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
    /** Read a charity's bank account, a change that waits, and all there were before */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The accounts */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["BankAccounts"];
        } };
        /** No such charity */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/charities/{id}/bank-account/veto": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Stop a change of the bank account that waits */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": Record<string, never>;
      } };
      responses: {
        /** Stopped: payouts go on to the account in force */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["BankAccounts"];
        } };
        /** No change waits */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/charities/{id}/disbursements": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Report what the money became, and get what to sign */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          unit: string;
          from: string;
          upTo: string;
          parts: {
            from: string;
            upTo: string;
            project: string;
            place: {
              /** ISO 3166-1 alpha-2 */
              country: string;
              name: string;
              lat?: number;
              lon?: number;
            };
            bought: {
              what: string;
              count: string;
              measure: string;
            }[];
            beneficiaries?: number;
            note?: string;
            evidence?: {
              name: string;
              sha256: string;
              bytes: number;
              mediaType?: string;
              url?: string;
            }[];
          }[];
        };
      } };
      responses: {
        /** The contract has this report already */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Disbursement"];
        } };
        /** What to sign */
        201: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["DisbursementOffer"];
        } };
        /** Spending is reported further already, or the charity has no signer */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** The intervals do not add up */
        422: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
    /** List the reports of a charity, the newest first */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["Disbursement"][];
            next: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/charities/{id}/disbursements/{hash}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read a report that was signed, and how it stands */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
          hash: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The report */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            /** whole minor units */
            number: string;
            /** for the contract; recorded by it; and so deep that it stays; or refused by it */
            state: "waiting" | "recorded" | "final" | "refused";
            transaction: string | null;
            recordedAt: string | null;
            /** why the contract refuses it */
            reason: string | null;
            /** 32 bytes in hexadecimal */
            charity: string;
            unit: string;
            /** whole minor units */
            from: string;
            /** whole minor units */
            upTo: string;
            /** the report's hash */
            evidence: string;
            /** where the report is */
            document: string;
            report: components["schemas"]["SpendingReport"] | null;
          };
        } };
        /** Not known, or not signed */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/charities/{id}/disbursements/{hash}/signature": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Sign a report */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
          hash: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          typedData?: components["schemas"]["TypedData"];
          signature: string;
        };
      } };
      responses: {
        /** The contract had the same already */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Disbursement"];
        } };
        /** The contract has it */
        201: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Disbursement"];
        } };
        /** On its way; `Location` tells how it goes on */
        202: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Disbursement"];
        } };
        /** There is no such report */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** It was signed by another, for another report or for another ledger */
        422: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/charities/{id}/statement": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** A charity's proof of funds */
    get: {
      parameters: {
        query: {
          from: string;
          to: string;
          format?: "json" | "csv" | "pdf";
          unit?: string;
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The statement */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["CharityStatement"];
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/disputes": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** List hours that the operator has to decide */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page, by activity and volunteer */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["Dispute"][];
            next: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/documents/{hash}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read a published document */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          hash: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The document */
        200: { headers: { [name: string]: unknown }; content?: never };
        /** Not known, or not public */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/documents/{hash}/notice": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read the notice that timestamps a document */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          hash: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The notice, and how far its batch has come */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["DocumentNotice"];
        } };
        /** Not known, or not public */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/donors/erasure": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Erase a donor */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          merchant: string;
          buyer: string;
        };
      } };
      responses: {
        /** Erased */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Erasure"];
        } };
        /** Asked for; the rest waits for its batches */
        202: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Erasure"];
        } };
        /** Nothing is recorded of this buyer */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/donors/keys": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Make a donor's key */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          merchant: string;
          buyer: string;
        };
      } };
      responses: {
        /** The key */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["DonorKey"];
        } };
        /** No such merchant is registered */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/donors/statement": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** A donor's statement over any dates */
    get: {
      parameters: {
        query: {
          from: string;
          to: string;
          format?: "json" | "csv" | "pdf";
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The statement */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["DonorStatement"];
        } };
        /** The key is none of this ledger's donors */
        401: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** More gifts than one statement holds */
        422: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/erasures/{id}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** How an erasure stands */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** As it stands */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Erasure"];
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/exports": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** List what can be downloaded whole, and what it means */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The tables */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["ExportTable"][];
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/exports/360giving.csv": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read what was given as 360Giving CSV, headed by the titles of the schema's fields */
    get: {
      parameters: {
        query: {
          /** the first day (UTC), by when batches were closed */
          from: string;
          /** the last day (UTC); at most 366 days */
          upTo: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The grants */
        200: { headers: { [name: string]: unknown }; content?: never };
        /** Nothing was given in the period */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** The period cannot be read, or is too long */
        422: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Too many exports at once; `Retry-After` says when to try */
        429: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/exports/360giving.json": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read what was given as 360Giving JSON, a package by the schema 1.4 */
    get: {
      parameters: {
        query: {
          /** the first day (UTC), by when batches were closed */
          from: string;
          /** the last day (UTC); at most 366 days */
          upTo: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The grants */
        200: { headers: { [name: string]: unknown }; content?: never };
        /** Nothing was given in the period */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** The period cannot be read, or is too long */
        422: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Too many exports at once; `Retry-After` says when to try */
        429: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/exports/iati.xml": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read what came in, went out and became of it as IATI 2.03 activities */
    get: {
      parameters: {
        query: {
          /** the first day (UTC), by when batches were closed */
          from: string;
          /** the last day (UTC); at most 366 days */
          upTo: string;
          /** a charity's registration id, or the hash of it */
          charity?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The activities */
        200: { headers: { [name: string]: unknown }; content?: never };
        /** Nothing was given until the period's end */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** The period cannot be read, or is too long */
        422: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Too many exports at once; `Retry-After` says when to try */
        429: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/exports/{table}.csv": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read a whole table, as CSV */
    get: {
      parameters: {
        query?: {
          /** the first day (UTC) */
          from?: string;
          /** the last day (UTC) */
          upTo?: string;
        };
        header?: never;
        path: {
          table: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The table */
        200: { headers: { [name: string]: unknown }; content?: never };
        /** There is no such table */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** The period cannot be read, or the table is always told whole */
        422: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Too many exports at once; `Retry-After` says when to try */
        429: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/exports/{table}.parquet": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read a whole table, as Apache Parquet */
    get: {
      parameters: {
        query?: {
          /** the first day (UTC) */
          from?: string;
          /** the last day (UTC) */
          upTo?: string;
        };
        header?: never;
        path: {
          table: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The table */
        200: { headers: { [name: string]: unknown }; content?: never };
        /** There is no such table */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** The period cannot be read, or the table is always told whole */
        422: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Too many exports at once; `Retry-After` says when to try */
        429: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/hours": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Report a finished attendance */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          activity: string;
          volunteer: string;
          checkIn: string;
          checkOut: string;
          pieces?: number | null;
        };
      } };
      responses: {
        /** Recorded before: the same receipt */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Answer"];
        } };
        /** Recorded; `receipts` is empty for less than six minutes */
        201: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Answer"];
        } };
        /** Recorded with other content, or the volunteer takes part by sign-up */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Refused; `errors` names each field, what was wanted and what came */
        422: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/hours/bulk": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Report any number of attendances */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/x-ndjson": string;
      } };
      responses: {
        /** One result for each line */
        200: { headers: { [name: string]: unknown }; content: {
          "application/x-ndjson": components["schemas"]["Answer"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/keys": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Make an API key */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          role: "operator" | "merchant" | "charity";
          subject?: string;
          label?: string;
        };
      } };
      responses: {
        /** Made */
        201: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Key"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/keys/revocation": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Revoke an API key */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          key: string;
        };
      } };
      responses: {
        /** Revoked */
        200: { headers: { [name: string]: unknown }; content?: never };
        /** No such key is in force */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/ledger": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Which ledger this is, and where it lives */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The service's own word: compare it */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Ledger"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/lines": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** List lines */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
          /** only lines in this unit, such as STEP */
          unit?: string;
          /** one charity, or up to 50 with commas between them */
          charity?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page, by registration id and unit */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["Line"][];
            next: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/lines/{charity}/{unit}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read a line and its watermarks */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          charity: string;
          unit: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The line */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["LineWithClaim"];
        } };
        /** Nothing was given on it yet */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/merchants": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Register a merchant */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          id: string;
          name: string;
          legalDonor?: string;
        };
      } };
      responses: {
        /** Was registered before, with the same content */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Merchant"];
        } };
        /** Registered */
        201: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Merchant"];
        } };
        /** The id is taken, with other content */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
    /** List merchants */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page, by id */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["Merchant"][];
            next: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/merchants/{id}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read a merchant */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The merchant */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Merchant"];
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/merchants/{id}/completeness": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What was recorded of a merchant on a day */
    get: {
      parameters: {
        query: {
          day: string;
          orders?: "" | "true" | "false";
          format?: "json" | "csv" | "pdf";
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The statement */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Completeness"];
        } };
        /** Nothing was recorded on that day, or the merchant is not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** The day is not over, or its total is not made yet */
        503: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/merchants/{id}/orders/{order}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** An order's receipts, with the keys that open them */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
          order: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** As they were answered first */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Answer"];
        } };
        /** No such purchase is recorded */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** It was erased */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/merchants/{id}/shop-conflicts": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What shop systems told again with other content */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page, by name */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: {
              name: string;
              differs: string;
              toldAt: string;
            }[];
            next: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/merchants/{id}/shop-systems": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Say which secret a shop system signs with */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          system: "shopify" | "woocommerce";
          secret: string;
        };
      } };
      responses: {
        /** Was in force before */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            system: "shopify" | "woocommerce";
          };
        } };
        /** In force */
        201: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            system: "shopify" | "woocommerce";
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
    /** Which shop systems may tell of orders */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** Without their secrets */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["ShopSystem"][];
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/merchants/{id}/shop-systems/removal": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Let a shop system tell of nothing any more */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          system: "shopify" | "woocommerce";
        };
      } };
      responses: {
        /** Removed, with its secrets */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            removed: true;
          };
        } };
        /** No secret of this system is in force */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/merchants/{id}/shopify": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What Shopify tells */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": string;
      } };
      responses: {
        /** Taken, known before, or of no consequence: it need not come again */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            taken: "recorded" | "known" | "differs" | "ignored";
            says: string;
          };
        } };
        /** Not signed with a secret in force */
        401: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A refund of an order that is not recorded yet: it may come again later */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Signed, and not what such a body is; `errors` names the fields */
        422: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/merchants/{id}/totals": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What a merchant has given in all, if it shows that */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The totals, or that they are not shown */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["MerchantTotals"];
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/merchants/{id}/totals/disclosure": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Show a merchant's totals to everyone, or no longer */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          shown: boolean;
        };
      } };
      responses: {
        /** As wanted */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["MerchantTotals"];
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/merchants/{id}/woocommerce": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What WooCommerce tells */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": string;
      } };
      responses: {
        /** Taken, known before, or of no consequence: it need not come again */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            taken: "recorded" | "known" | "differs" | "ignored";
            says: string;
          };
        } };
        /** Not signed with a secret in force */
        401: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A refund of an order that is not recorded yet: it may come again later */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Signed, and not what such a body is; `errors` names the fields */
        422: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/overview": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What was given in all and how far it has come, the pace, the newest batches, the oldest claim */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** As it is now */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Overview"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/overview/days": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What each day has added in a unit */
    get: {
      parameters: {
        query: {
          unit: string;
          /** a UTC day */
          from?: string;
          /** a UTC day */
          to?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** Day by day */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["OverviewDays"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/overview/stream": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Watch the overview: server-sent events */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** Events until either side ends it */
        200: { headers: { [name: string]: unknown }; content?: never };
        /** Too many watch already, or the service is stopping: read `/v1/overview` instead */
        503: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/payouts": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** List payouts, newest first */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
          charity?: string;
          state?: "intended" | "waiting" | "confirmed" | "paid" | "failed";
          settlement?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["Payout"][];
            next: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/payouts/{id}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read a payout */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The payout */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Payout"];
        } };
        /** There is no such payout */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/philanthropy-reports": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Report on what was given in a period and what became of it */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          from: string;
          /** left out of the period itself; not in the future */
          upTo: string;
        };
      } };
      responses: {
        /** The report is recorded */
        201: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["PhilanthropyMade"];
        } };
        /** Not all of the period is anchored and counted yet, or a document would be cut */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** The contract was not read yet, or a batch of the period was closed meanwhile */
        503: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
    /** List philanthropy reports, newest first */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["PhilanthropyListed"][];
            next: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/philanthropy-reports/{hash}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read a philanthropy report */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          hash: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The report */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["PhilanthropyReport"];
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/philanthropy-reports/{hash}/pdf": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** A philanthropy report on paper */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          hash: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A PDF (application/pdf) */
        200: { headers: { [name: string]: unknown }; content?: never };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/pledges": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Pledge a share of sales */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          programme?: "goods-for-good" | "charity-shop";
          merchant: string;
          currency: string;
          /** all of it, by default, in a charity's own shop */
          share?: {
            basisPoints: number;
          } | {
            perItem: string;
          };
          /** null or left out for the whole shop */
          items?: string[] | null;
          /** of a charity's own shop: what its proceeds become */
          outcome?: {
            what: string;
            unit: string;
            costs: string;
          } | null;
          base?: "price" | "price-and-shipping";
          rounding?: "half-up" | "down" | "up";
          minimum?: string;
          refunds?: "merchant-bears" | "reverse";
          charities: {
            charity: string;
            parts?: number;
          }[];
          startsAt: string;
          endsAt?: string | null;
        };
      } };
      responses: {
        /** The same terms were recorded before */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Pledge"];
        } };
        /** Recorded */
        201: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Pledge"];
        } };
        /** The same terms were recorded before, and ended */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
    /** List pledges */
    get: {
      parameters: {
        query?: {
          /** 32 bytes in hexadecimal */
          after?: string;
          limit?: number;
          merchant?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page, by id */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["Pledge"][];
            next: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/pledges/{id}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read a pledge */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The pledge */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Pledge"];
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/pledges/{id}/acceptance": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Accept a pledge, as a charity that it names */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": Record<string, never>;
      } };
      responses: {
        /** Accepted */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Pledge"];
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/pledges/{id}/end": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** End a pledge for later purchases */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          at?: string;
        };
      } };
      responses: {
        /** Ended */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Pledge"];
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/pools": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Offer a pool for steps */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          sponsor: string;
          charity: string;
          currency: string;
          rate: {
            steps: string;
            amount: string;
          };
          dailyCap?: string | null;
          startsAt: string;
          endsAt: string;
          utcOffset?: string;
        };
      } };
      responses: {
        /** The same terms were recorded before */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Pool"];
        } };
        /** Recorded */
        201: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Pool"];
        } };
        /** Refused; `errors` names each field, what was wanted and what came */
        422: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
    /** List pools */
    get: {
      parameters: {
        query?: {
          /** 32 bytes in hexadecimal */
          after?: string;
          limit?: number;
          charity?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page, by id */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["Pool"][];
            next: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/pools/{id}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read a pool */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The pool */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Pool"];
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/pools/{id}/acceptance": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Accept a pool, as the charity that it names */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": Record<string, never>;
      } };
      responses: {
        /** Accepted */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Pool"];
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/pools/{id}/funding": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Commit money to a pool, for good */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          amount: string;
          reference: string;
        };
      } };
      responses: {
        /** Committed before: the same receipt */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Answer"];
        } };
        /** Committed */
        201: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Answer"];
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Not accepted by the charity, ended, or this reference has another amount */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/purchases": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Report a completed purchase */
    post: {
      parameters: {
        query?: {
          dryRun?: "0" | "1" | "" | "true" | "false";
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          merchant: string;
          order: string;
          orderName?: string;
          completedAt: string;
          currency: string;
          buyer?: string;
          items: {
            item: string;
            product?: string;
            title?: string;
            quantity?: number;
            price: string;
            shipping?: string;
          }[];
        };
      } };
      responses: {
        /** Recorded before: the same receipts; or the answer to a dry run */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Answer"] | {
            dryRun: true;
            completedAt: string;
            gifts: {
              item: string;
              charity: string;
              unit: string;
              amount: string;
              written: string;
              terms: string;
            }[];
          };
        } };
        /** Recorded; `receipts` is empty when no pledge was in force */
        201: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Answer"];
        } };
        /** This order was recorded with other content; `differences` names it */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Refused; `errors` names each field, what was wanted and what came */
        422: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Too much at once; come back after `Retry-After` seconds */
        429: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/purchases/bulk": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Report any number of purchases */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/x-ndjson": string;
      } };
      responses: {
        /** One result for each line */
        200: { headers: { [name: string]: unknown }; content: {
          "application/x-ndjson": components["schemas"]["Answer"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/receipts/{id}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read a receipt */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The receipt as it stands */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Receipt"];
        } };
        /** The key is of another receipt */
        403: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/receipts/{id}/conversions": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read what has paid for a donation of steps */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** In the order of the steps; empty while nothing has */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: ({
              /** 32 bytes in hexadecimal */
              pool: string;
              /** null where the steps came to no whole coin */
              gift: string | null;
              /** whole minor units */
              from: string;
              /** whole minor units */
              upTo: string;
              /** whole minor units */
              amount: string;
              /** opens the gift's whole receipt; told to whoever brings the key of the steps */
              key?: string;
            })[];
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/receipts/{id}/erasure": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Erase the purchase that a receipt is of */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": Record<string, never>;
      } };
      responses: {
        /** Erased */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Erasure"];
        } };
        /** Asked for; the rest waits for its batches */
        202: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Erasure"];
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/refunds": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Report a refund */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          merchant: string;
          refund: string;
          order: string;
          refundedAt: string;
          reason?: string;
          items?: {
            item: string;
            quantity?: number;
            price?: string;
            shipping?: string;
          }[];
        };
      } };
      responses: {
        /** Recorded before: the same reversals */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Answer"];
        } };
        /** Recorded; `receipts` are the reversals */
        201: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Answer"];
        } };
        /** No such purchase is recorded */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** This refund was recorded with other content */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/reports/period": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Report on all batches since the last report */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": Record<string, never>;
      } };
      responses: {
        /** The report is recorded */
        201: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["PeriodReport"];
        } };
        /** No batch has been sealed since the last report */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
    /** List period reports, newest first */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["PeriodReport"][];
            next: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/sales": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Report a sale of a charity's own shop */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          merchant: string;
          order: string;
          completedAt: string;
          currency: string;
          buyer?: string;
          items: {
            item?: string;
            product: string;
            quantity?: number;
            price?: string;
            shipping?: string;
          }[];
        };
      } };
      responses: {
        /** Recorded before: the same receipts */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Answer"];
        } };
        /** Recorded; `receipts` is empty when no pledge was in force */
        201: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Answer"];
        } };
        /** This order was recorded with other content; `differences` names it */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Refused; `errors` names each field, what was wanted and what came */
        422: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Too much at once; come back after `Retry-After` seconds */
        429: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/sales/bulk": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Report any number of sales */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/x-ndjson": string;
      } };
      responses: {
        /** One result for each line */
        200: { headers: { [name: string]: unknown }; content: {
          "application/x-ndjson": components["schemas"]["Answer"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/service-kinds": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What counts as service, and for how much */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The table, in tenths of an hour; `by` time: for six effective minutes */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            kinds: { [name: string]: { [name: string]: unknown } };
            yearlyCapsTenths: { [name: string]: number };
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/settlements": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Start a settlement run, or join the one that is under way */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": Record<string, never>;
      } };
      responses: {
        /** Under way; read it again to follow it */
        202: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Settlement"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
    /** List settlement runs, newest first */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["Settlement"][];
            next: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/settlements/preview": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What a run would pay on each line now, and why nothing on others */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page of lines, and how many there are */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["SettlementPreview"][];
            next: string | null;
            lines: number;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/settlements/{id}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Follow a settlement run */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** How far it has come, and what it could not pay */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["SettlementInDetail"];
        } };
        /** There is no such run */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/shops": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** List charities' own shops */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page, by id */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: {
              id: string;
              name: string;
            }[];
            next: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/shops/{id}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What a charity's own shop has given, and what that comes to */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The shop */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Shop"];
        } };
        /** Not known, or no charity's own shop */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/shops/{id}/goods": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What a shop sells now, and for how much */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page, by product */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["Good"][];
            next: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
    /** Price a product */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          product: string;
          title: string;
          currency: string;
          price: string | null;
          outcome?: string;
          from?: string;
        };
      } };
      responses: {
        /** Was recorded before */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Good"];
        } };
        /** Recorded */
        201: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Good"];
        } };
        /** No such merchant */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Another price of the product begins at the same moment */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/shops/{id}/goods/{product}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** All prices of a product, past and to come */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
          product: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The newest first */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["Good"][];
          };
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/sign-in": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Sign in with an Ethereum account (EIP-4361) */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          message: string;
          signature: string;
        };
      } };
      responses: {
        /** Signed in */
        201: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Session"];
        } };
        /** The message is not for here and now, or its signer signs for no charity */
        403: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/sign-in/end": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** End a session */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": Record<string, never>;
      } };
      responses: {
        /** Ended */
        200: { headers: { [name: string]: unknown }; content?: never };
        /** What was shown is an API key */
        422: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/sign-in/nonce": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Get what a message to sign in with must hold */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": Record<string, never>;
      } };
      responses: {
        /** Made; it counts once, for ten minutes */
        201: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["SignInOffer"];
        } };
        /** The ledger's contract, whose chain a message names, is not deployed yet */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/statements/{token}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What a printed statement said */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          token: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** As it was issued */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["IssuedStatement"];
        } };
        /** Not issued here, or erased since */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/steps": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Report a day of steps that is donated */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          platform?: string;
          person: string;
          day: string;
          utcOffset: string;
          charity: string;
          device: {
            id: string;
            model: string;
          };
          source: {
            app: string;
            recording: "automatic" | "manual";
          };
          hours: number[];
        };
      } };
      responses: {
        /** Recorded before: the same receipt */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Answer"];
        } };
        /** Recorded */
        201: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Answer"];
        } };
        /** Held, for these reasons; `appeal` is where to object */
        202: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["HeldAnswer"];
        } };
        /** This day of this person was told with other content; `differences` names it */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Refused: entered by hand, below the goal, too old, not over yet, or malformed */
        422: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Too much at once; come back after `Retry-After` seconds */
        429: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/steps/bulk": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Report any number of days of steps */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/x-ndjson": string;
      } };
      responses: {
        /** One result for each line */
        200: { headers: { [name: string]: unknown }; content: {
          "application/x-ndjson": components["schemas"]["Answer"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/steps/counts": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** How many days are held, appealed, accepted, rejected */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The counts */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["HeldStepsCounts"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/steps/held": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** List days that are held, the newest first */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
          state?: "held" | "appealed" | "accepted" | "recorded" | "rejected" | "waiting";
          platform?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["HeldSteps"][];
            next: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/steps/held/{id}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read a day that is held, and how it stands */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The day */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["HeldSteps"];
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/steps/held/{id}/appeal": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Object to a day being held */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          text: string;
        };
      } };
      responses: {
        /** Kept; or kept before, with the same words */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["HeldSteps"];
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Appealed before, or accepted */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/steps/held/{id}/decision": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Decide on a day that is held */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          accept: boolean;
          reason: string;
        };
      } };
      responses: {
        /** Decided; accepted, with its receipt */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Answer"] | components["schemas"]["HeldSteps"];
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Decided otherwise, changed meanwhile, or another report of the day is recorded */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/steps/held/{id}/erasure": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Erase a day that is held or rejected */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": Record<string, never>;
      } };
      responses: {
        /** Erased; or before */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["HeldSteps"];
        } };
        /** Not known */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** It is accepted, so there is or will be a receipt; or it changed meanwhile */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/steps/rules": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Read the rules by which steps are counted */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The rules in force */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["StepsRules"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/tokens": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Name the token that a currency is paid in */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          unit: string;
          token: string;
          exponent?: number;
        };
      } };
      responses: {
        /** The contract is asked to take it */
        202: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Token"];
        } };
        /** The unit has another token */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
    /** List the tokens that currencies are paid in */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** All of them */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["Token"][];
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/volunteers/me/attendances": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** One's attendances, with their activities and receipts */
    get: {
      parameters: {
        query?: {
          /** 32 bytes in hexadecimal */
          after?: string;
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page, by activity */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: ({
              /** 32 bytes in hexadecimal */
              activity: string;
              volunteer: string;
              state: "signed-up" | "withdrawn" | "checked-in" | "checked-out" | "proposed" | "disputed" | "decided" | "appealed" | "agreed" | "recorded";
              checkIn: string | null;
              checkOut: string | null;
              pieces: number | null;
              /** why the organiser set the times by hand */
              byHand: string | null;
              /** why the volunteer disputes */
              reason: string | null;
              /** what was decided of it, and why */
              decision: string | null;
              /** when it goes on by itself */
              dueAt: string | null;
              /** what it counts for as it stands; null before the check-out */
              counted: {
                effectiveMinutes: number;
                tenths: number;
                hours: string;
              } | null;
              receipt: string | null;
              announced: components["schemas"]["Activity"];
              link: string | null;
            })[];
            next: string | null;
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/volunteers/me/erasure": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Erase oneself */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": Record<string, never>;
      } };
      responses: {
        /** Asked for; the rest waits for its batches */
        202: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            receipts: number;
          };
        } };
        /** A receipt is being written just now; ask again */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/volunteers/me/years/{year}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** One's year: hours by kind, and what is missing to three */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          year: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** What was recorded */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["VolunteerYear"];
        } };
        /** Not a key */
        403: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/volunteers/me/years/{year}/certificate": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** One's certificate of a year */
    get: {
      parameters: {
        query?: {
          name?: string;
        };
        header?: never;
        path: {
          year: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The certificate */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            type: string[];
            [name: string]: unknown;
          };
        } };
        /** Nothing is anchored yet */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** The operator has set no key for certificates */
        503: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/webhooks": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Have events told to an address */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          url: string;
          events: ("receipt.recorded" | "batch.anchored" | "payout.paid" | "payout.acknowledged" | "disbursement.published")[];
        };
      } };
      responses: {
        /** Made */
        201: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            id: string;
            url: string;
            events: ("receipt.recorded" | "batch.anchored" | "payout.paid" | "payout.acknowledged" | "disbursement.published")[];
            createdAt: string;
            /** null when the last message was taken */
            failingSince: string | null;
            disabledAt: string | null;
            disabledReason: string | null;
            formerSecretUntil: string | null;
            /** whsec_ and base64, as Standard Webhooks libraries take it; shown once */
            secret: string;
          };
        } };
        /** The caller has as many as one may have */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** Not an address that may be sent to, or an event that is not for this caller */
        422: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
    /** The caller's endpoints */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** All */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["Webhook"][];
          };
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/webhooks/{id}/dead-letters": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Messages that were tried for the last time */
    get: {
      parameters: {
        query?: {
          after?: string;
          limit?: number;
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** A page, by event and key */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            items: components["schemas"]["DeadLetter"][];
            next: string | null;
          };
        } };
        /** The caller has no such endpoint */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/webhooks/{id}/enabling": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Tell a disabled endpoint again */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": Record<string, never>;
      } };
      responses: {
        /** As it is now */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": components["schemas"]["Webhook"];
        } };
        /** The caller has no such endpoint */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/webhooks/{id}/removal": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Tell an endpoint nothing any more */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": Record<string, never>;
      } };
      responses: {
        /** Removed */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            removed: true;
          };
        } };
        /** The caller has no such endpoint */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/webhooks/{id}/replay": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Send dead messages again */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": {
          event?: "receipt.recorded" | "batch.anchored" | "payout.paid" | "payout.acknowledged" | "disbursement.published" | "webhook.test";
          keys?: string[];
        };
      } };
      responses: {
        /** How many */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            replayed: number;
          };
        } };
        /** The caller has no such endpoint */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** It is disabled: to be enabled first */
        409: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/webhooks/{id}/secret": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Change an endpoint's secret */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": Record<string, never>;
      } };
      responses: {
        /** The new one, shown this once */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            /** whsec_ and base64, as Standard Webhooks libraries take it; shown once */
            secret: string;
          };
        } };
        /** The caller has no such endpoint */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
  "/v1/webhooks/{id}/test": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Send a message that says nothing but that it comes */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: { content: {
        "application/json": Record<string, never>;
      } };
      responses: {
        /** On its way */
        200: { headers: { [name: string]: unknown }; content: {
          "application/json": {
            asked: true;
          };
        } };
        /** The caller has no such endpoint */
        404: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
        /** A problem */
        default: { headers: { [name: string]: unknown }; content: {
          "application/problem+json": components["schemas"]["Problem"];
        } };
      };
    };
  };
}

export interface components {
  schemas: {
    Acknowledgement: {
      /** whole minor units */
      number: string;
      /** for the contract; recorded by it; and so deep that it stays; or refused by it */
      state: "waiting" | "recorded" | "final" | "refused";
      transaction: string | null;
      recordedAt: string | null;
      /** why the contract refuses it */
      reason: string | null;
      /** 32 bytes in hexadecimal */
      charity: string;
      unit: string;
      /** whole minor units */
      from: string;
      /** whole minor units */
      upTo: string;
      /** whole minor units */
      netTo: string;
      /** whole minor units */
      received: string;
      /** whole minor units */
      batch: string;
      /** 32 bytes in hexadecimal */
      root: string;
    };
    AcknowledgementOffer: {
      /** 32 bytes in hexadecimal */
      charity: string;
      registration: string;
      unit: string;
      signer: string;
      /** as `eth_signTypedData_v4` takes it */
      typedData: components["schemas"]["TypedData"];
      /** what a wallet contract is asked about */
      digest: string;
      /** the same, for people */
      words: string[];
      payouts: ({
        rail: "token" | "bank";
        /** whole minor units */
        upTo: string;
        paidAt: string;
        /** the operator's word alone: by bank, and the charity has not signed for it yet */
        claimed: boolean;
        /** since it was recorded */
        ageSeconds: number;
        /** in which the contract recorded it */
        transaction: string | null;
        /** whole minor units */
        from: string;
        /** whole minor units */
        amount: string;
      })[];
    };
    Activity: {
      /** the hash of the announcement: `terms` in its receipts */
      id: string;
      organiser: string;
      title: string;
      kind: string;
      place: string;
      startsAt: string;
      endsAt: string;
      utcOffset: string;
      pauses: {
        from: string;
        to: string;
      }[];
      places: number;
      free: number;
      /** whose notice names it; receipts for it come in later batches */
      batch: string;
    };
    Answer: {
      /** false when an earlier telling of the same event recorded it */
      recorded: boolean;
      /** whole minor units */
      batch: string;
      acceptedAt: string;
      /** by when the receipts are anchored */
      expected: string;
      receipts: components["schemas"]["AnsweredReceipt"][];
    };
    AnsweredReceipt: {
      /** a receipt's id, 16 bytes */
      id: string;
      item: string | null;
      charity: string;
      unit: string;
      /** 0 gift, 1 reversal */
      kind: number;
      /** whole minor units */
      amount: string;
      /** 32 bytes in hexadecimal */
      terms: string;
      /** opens the whole receipt; for the donor alone */
      key: string;
      link: string;
      /** null when the service has no key to promise with */
      promise: components["schemas"]["Promise"] | null;
    };
    Badge: {
      lang: string;
      text: string;
      verify: string;
      pledged: boolean;
      address: string;
    };
    BankAccount: {
      name: string;
      iban: string | null;
      account: string | null;
      bic: string | null;
      bankCode: {
        system: string;
        code: string;
      } | null;
      country: string;
      state: "in-force" | "waiting" | "vetoed" | "replaced" | "past";
      setAt: string;
      /** from when payouts go to it; until then the charity can veto it */
      effectiveAt: string;
      vetoedAt: string | null;
    };
    BankAccounts: {
      registration: string;
      inForce: components["schemas"]["BankAccount"] | null;
      /** a change that has not taken effect yet */
      waiting: components["schemas"]["BankAccount"] | null;
      /** all there ever were, newest first */
      history: components["schemas"]["BankAccount"][];
    };
    BankEntry: {
      /** whole minor units */
      id: string;
      message: string;
      status: string;
      endToEndId: string | null;
      direction: "debit" | "credit";
      /** the bank's own */
      reference: string | null;
      /** with its decimals */
      amount: string;
      currency: string;
      outcome: string;
      /** whether a person has to look at it */
      flagged: boolean;
      explanation: string;
      reason: string | null;
      toldAt: string;
      resolution: string | null;
      resolvedAt: string | null;
    };
    BankFile: {
      /** whole minor units */
      id: string;
      messageId: string;
      currency: string;
      /** how many */
      transfers: number;
      /** whole minor units */
      sum: string;
      createdAt: string;
      url: string;
    };
    BankNotification: {
      /** as the bank named it; null when it tells of nothing */
      message: string | null;
      flagged: number;
      entries: ({
        /** whole minor units */
        entry: string;
        endToEndId: string | null;
        direction: "debit" | "credit";
        /** the bank's own */
        reference: string | null;
        /** with its decimals */
        amount: string;
        currency: string;
        outcome: string;
        /** whether a person has to look at it */
        flagged: boolean;
        explanation: string;
      })[];
    };
    BankOverview: {
      /** transfers that the bank was asked for and has not told of */
      filed: string;
      /** whole minor units */
      confirmed: string;
      /** transfers that came back, of payouts that wait for another */
      toSendAgain: string;
      /** movements that a person has to look at */
      openFlags: string;
      /** changes of bank accounts that have not taken effect yet */
      accountChanges: string;
      /** when the ledger was put back from a backup, until a person has compared and released */
      heldBackSince: string | null;
      /** payouts without a transfer, and what each lacks */
      waiting: {
        /** whole minor units */
        payout: string;
        registration: string;
        reason: string;
      }[];
    };
    Batch: {
      /** whole minor units */
      number: string;
      state: "open" | "closed" | "sealed" | "submitted" | "anchored" | "final";
      openedAt: string;
      closedAt: string | null;
      receipts: string | null;
      root: string | null;
      transaction: string | null;
      block: string | null;
      sealedAt: string | null;
      anchoredAt: string | null;
    };
    Campaign: {
      id: string;
      title: string;
      /** of its document, which is published under it */
      hash: string;
      document: { [name: string]: unknown };
      startsAt: string;
      /** the first moment that is not in it: earlier than planned when ended */
      endsAt: string;
      endedAt: string | null;
      createdAt: string;
      /** the first batch whose receipts count */
      countsFrom: string;
      /** the first batch for which the early end holds */
      endedFrom: string | null;
      totals: {
        unit: string;
        /** how many */
        gifts: string;
        /** by all gifts that are recorded: it never falls */
        given: string;
        /** how many */
        reversals: string;
        /** of what was given, by refunds */
        takenBack: string;
      }[];
      goals: ({
        what: "money" | "line" | "outcome";
        unit: string;
        name?: string;
        /** by what was given less what was taken back, in whole ones */
        reached: string;
        of: string;
        /** of the next one: so much of `each` */
        part: string;
        each: string;
      })[];
    };
    CampaignBatch: {
      /** whole minor units */
      batch: string;
      unit: string;
      /** how many */
      gifts: string;
      /** by all gifts that are recorded: it never falls */
      given: string;
      /** how many */
      reversals: string;
      /** of what was given, by refunds */
      takenBack: string;
    };
    Challenge: {
      /** whole minor units */
      number: string;
      /** the promise's leaf, its name on chain */
      promise: string;
      /** of the receipt that was promised */
      leaf: string;
      /** 32 bytes in hexadecimal */
      charity: string;
      unit: string;
      kind: number;
      /** as promised; a key in other hands may promise any number of 64 bits */
      amount: string;
      /** by when it was to be anchored */
      deadline: string | null;
      /** who signed the promise */
      promiser: string | null;
      challenger: string | null;
      /** until when an answer is in time */
      dueAt: string | null;
      state: "open" | "answered" | "breached" | "answeredLate";
      /** the batch in which the receipt was shown to be */
      answeredFrom: string | null;
      answeredBy: string | null;
      /** why an open one is not answered */
      problem: string | null;
    };
    Charity: {
      /** 32 bytes in hexadecimal */
      id: string;
      registration: string;
      name: string;
      website: string | null;
      payee: string | null;
      signer: string | null;
      rail: "token" | "bank";
      createdAt: string;
    };
    CharityStatement: {
      format: "amanah-charity-statement/1";
      [name: string]: unknown;
    };
    Claim: {
      /** whole minor units */
      upTo: string;
      /** whole minor units */
      amount: string;
      /** when the oldest payout of these was recorded */
      since: string;
      ageSeconds: number;
    };
    Completeness: {
      format: "amanah-completeness/1";
      merchant: string;
      day: string;
      total: {
        format: "amanah-merchant-total/1";
        ledger: string;
        merchant: string;
        day: string;
        purchases: string;
        sums: {
          currency: string;
          paid: string;
          given: string;
        }[];
        refunds: {
          count: string;
          sums: {
            currency: string;
            reversed: string;
          }[];
        };
        last: string;
        salt: string;
      };
      hash: string;
      subject: string;
      batch: string;
      orders: string[] | null;
      erasedOrders: string;
    };
    DeadLetter: {
      key: string;
      event: string;
      attempts: number;
      since: string;
      failure: string | null;
    };
    Disbursement: {
      /** whole minor units */
      number: string;
      /** for the contract; recorded by it; and so deep that it stays; or refused by it */
      state: "waiting" | "recorded" | "final" | "refused";
      transaction: string | null;
      recordedAt: string | null;
      /** why the contract refuses it */
      reason: string | null;
      /** 32 bytes in hexadecimal */
      charity: string;
      unit: string;
      /** whole minor units */
      from: string;
      /** whole minor units */
      upTo: string;
      /** the report's hash */
      evidence: string;
      /** where the report is */
      document: string;
    };
    DisbursementOffer: {
      /** of the document's canonical JSON (RFC 8785) */
      hash: string;
      document: components["schemas"]["SpendingReport"];
      signer: string;
      /** as `eth_signTypedData_v4` takes it */
      typedData: components["schemas"]["TypedData"];
      /** what a wallet contract is asked about */
      digest: string;
      /** the same, for people */
      words: string[];
    };
    Dispute: {
      /** 32 bytes in hexadecimal */
      activity: string;
      volunteer: string;
      state: "signed-up" | "withdrawn" | "checked-in" | "checked-out" | "proposed" | "disputed" | "decided" | "appealed" | "agreed" | "recorded";
      checkIn: string | null;
      checkOut: string | null;
      pieces: number | null;
      /** why the organiser set the times by hand */
      byHand: string | null;
      /** why the volunteer disputes */
      reason: string | null;
      /** what was decided of it, and why */
      decision: string | null;
      /** when it goes on by itself */
      dueAt: string | null;
      /** what it counts for as it stands; null before the check-out */
      counted: {
        effectiveMinutes: number;
        tenths: number;
        hours: string;
      } | null;
      receipt: string | null;
      name: string;
      displayName: string | null;
      announced: components["schemas"]["Activity"];
    };
    DocumentNotice: {
      kind: string;
      /** 32 bytes in hexadecimal */
      subject: string;
      /** the document's hash */
      content: string;
      /** whole minor units */
      batch: string;
      state: "open" | "closed" | "sealed" | "submitted" | "anchored" | "final";
      root: string | null;
    };
    DonorKey: {
      merchant: string;
      buyer: string;
      key: string;
    };
    DonorStatement: {
      format: "amanah-donor-statement/1";
      gifts: {
        /** whole minor units */
        amount: string;
        /** whole minor units */
        refunded: string;
        status: string;
        receipt: string;
        [name: string]: unknown;
      }[];
      totals: {
        charity: string;
        unit: string;
        /** whole minor units */
        amount: string;
        /** whole minor units */
        refunded: string;
        [name: string]: unknown;
      }[];
      [name: string]: unknown;
    };
    Erasure: {
      id: string;
      askedAt: string;
      by: {
        role: string;
        label: string;
      };
      purchases: string;
      receipts: string;
      finishedAt: string | null;
      says: string;
      backups: string;
    };
    ExportTable: {
      name: string;
      meaning: string;
      /** what `from` and `upTo` choose by; null when told whole */
      period: string | null;
      /** where the same is told piece by piece */
      api: string;
      csv: string;
      parquet: string;
      columns: ({
        name: string;
        type: "integer" | "text" | "decimal" | "hash" | "time" | "day" | "boolean";
        optional: boolean;
        meaning: string;
      })[];
    };
    Good: {
      product: string;
      title: string;
      currency: string;
      /** of one piece; null from when it is not sold any more */
      price: string | null;
      outcome: string | null;
      from: string;
    };
    Health: {
      healthy: boolean;
      problems: string[];
      /** what stands until a person has looked; among the problems too */
      alarms: {
        kind: string;
        message: string;
        since: string;
      }[];
      /** at most 20; among the problems too */
      linesAtFault: ({
        /** 32 bytes in hexadecimal */
        charity: string;
        unit: string;
        fault: "overlap" | "gap" | "skip" | "twice" | "malformed" | "false-sum" | "false-receipt";
      })[];
      waiting: {
        events: number;
        unsealedSeconds: number | null;
        unanchoredSeconds: number | null;
      };
    };
    HeldAnswer: {
      held: true;
      /** whole minor units */
      id: string;
      state: "held" | "appealed" | "accepted" | "recorded" | "rejected";
      reasons: {
        /** the pattern's name in the rules */
        code: string;
        says: string;
      }[];
      /** the path to object at */
      appeal: string;
    };
    HeldSteps: {
      /** whole minor units */
      id: string;
      platform: string;
      state: "held" | "appealed" | "accepted" | "recorded" | "rejected";
      reasons: {
        /** the pattern's name in the rules */
        code: string;
        says: string;
      }[];
      heldAt: string;
      /** null once it is recorded: the receipt tells it */
      report: ({
        platform?: string;
        person: string;
        day: string;
        utcOffset: string;
        charity: string;
        device: {
          id: string;
          model: string;
        };
        source: {
          app: string;
          recording: "automatic" | "manual";
        };
        hours: number[];
      }) | null;
      appeal: {
        text: string;
        at: string;
      } | null;
      decision: {
        reason: string;
        at: string;
      } | null;
    };
    /** days that look like no walk, by how they stand now */
    HeldStepsCounts: {
      /** whole minor units */
      held: string;
      /** whole minor units */
      appealed: string;
      /** whole minor units */
      accepted: string;
      /** whole minor units */
      rejected: string;
    };
    IssuedStatement: {
      /** keccak-256 of the statement's canonical JSON (RFC 8785) */
      hash: string;
      issuedAt: string;
      statement: {
        format: string;
        [name: string]: unknown;
      };
    };
    Key: {
      key: string;
      role: string;
      subject: string | null;
      label: string;
    };
    Ledger: {
      /** 32 bytes in hexadecimal */
      id: string;
      /** null, like the contract, until it is deployed */
      chainId: number | null;
      contract: string | null;
      /** the chain runs inside this service, and proves nothing against who runs it */
      demonstration: boolean;
      /** an endpoint of the chain that anyone may read; null when the operator names none */
      rpcUrl: string | null;
    };
    Line: {
      /** 32 bytes in hexadecimal */
      charity: string;
      registration: string;
      unit: string;
      /** where the last sealed statements end */
      sealed: {
        /** whole minor units */
        gifts: string;
        /** whole minor units */
        reversals: string;
      };
      /** the contract's positions as last read */
      watermarks: {
        /** whole minor units */
        given: string;
        /** whole minor units */
        reversed: string;
        /** whole minor units */
        paid: string;
        /** whole minor units */
        netted: string;
        /** whole minor units */
        acknowledged: string;
        /** whole minor units */
        spent: string;
      };
      /** the fault that was proven of the line, as last read; null when there is none */
      fault: ("overlap" | "gap" | "skip" | "twice" | "malformed" | "false-sum" | "false-receipt") | null;
      readAt: string | null;
    };
    LineWithClaim: {
      /** 32 bytes in hexadecimal */
      charity: string;
      registration: string;
      unit: string;
      /** where the last sealed statements end */
      sealed: {
        /** whole minor units */
        gifts: string;
        /** whole minor units */
        reversals: string;
      };
      /** the contract's positions as last read */
      watermarks: {
        /** whole minor units */
        given: string;
        /** whole minor units */
        reversed: string;
        /** whole minor units */
        paid: string;
        /** whole minor units */
        netted: string;
        /** whole minor units */
        acknowledged: string;
        /** whole minor units */
        spent: string;
      };
      /** the fault that was proven of the line, as last read; null when there is none */
      fault: ("overlap" | "gap" | "skip" | "twice" | "malformed" | "false-sum" | "false-receipt") | null;
      readAt: string | null;
      /** paid by bank, as the operator says, and not signed for by the charity yet */
      claimed: components["schemas"]["Claim"] | null;
    };
    Merchant: {
      id: string;
      name: string;
      legalDonor: string;
      createdAt: string;
    };
    MerchantTotals: {
      /** whether the merchant shows them; if not, nothing else is told */
      shown: boolean;
      /** whole minor units */
      fromBatch: string;
      /** the last batch that is counted */
      toBatch: string;
      lines: {
        registration: string;
        name: string;
        unit: string;
        /** whole minor units */
        given: string;
        /** taken back for refunds */
        reversed: string;
      }[] | null;
      /** the last 31 on which it sold */
      days: {
        day: string;
        /** whose book holds the notice */
        batch: string;
        /** of the day's total: the content of the notice */
        hash: string;
      }[] | null;
    };
    Notice: {
      kind: string;
      /** 32 bytes in hexadecimal */
      subject: string;
      /** 32 bytes in hexadecimal */
      content: string;
    };
    Overview: {
      units: {
        unit: string;
        /** how many */
        gifts: string;
        /** by sealed batches */
        given: string;
        /** of what was given, by sealed batches */
        refunded: string;
        /** the lines' positions, as the contract keeps them */
        paid: string;
        /** of what is paid, refunds set off: it was not transferred */
        setOff: string;
        /** whole minor units, over all lines: it may have more than 19 digits */
        acknowledged: string;
        /** whole minor units, over all lines: it may have more than 19 digits */
        spent: string;
      }[];
      /** gifts and reversals, recorded by any process */
      receiptsLastMinute: string;
      open: {
        /** the batch that is open */
        batch: string;
        /** recorded and not sealed yet: not in the sums */
        receipts: string;
      };
      /** the newest, without statements */
      batches: components["schemas"]["Batch"][];
      /** the oldest payout by bank that its charity has not signed for: the operator's word so far */
      oldestClaim: {
        /** whole minor units */
        payout: string;
        registration: string;
        name: string;
        unit: string;
        /** whole minor units */
        amount: string;
        written: string;
        /** when it was recorded with the contract */
        since: string;
      } | null;
    };
    OverviewDays: {
      unit: string;
      /** a UTC day */
      from: string;
      /** a UTC day */
      to: string;
      /** all that there was before the first day */
      before: {
        /** by sealed batches */
        given: string;
        /** of what was given, by sealed batches */
        refunded: string;
        /** the lines' positions, as the contract keeps them */
        paid: string;
        /** of what is paid, refunds set off: it was not transferred */
        setOff: string;
        /** whole minor units, over all lines: it may have more than 19 digits */
        acknowledged: string;
        /** whole minor units, over all lines: it may have more than 19 digits */
        spent: string;
      };
      /** what each day has added; days on which nothing happened are left out */
      days: {
        /** a UTC day */
        day: string;
        /** whole minor units */
        gifts: string;
        /** by sealed batches */
        given: string;
        /** of what was given, by sealed batches */
        refunded: string;
        /** the lines' positions, as the contract keeps them */
        paid: string;
        /** of what is paid, refunds set off: it was not transferred */
        setOff: string;
        /** whole minor units, over all lines: it may have more than 19 digits */
        acknowledged: string;
        /** whole minor units, over all lines: it may have more than 19 digits */
        spent: string;
      }[];
    };
    Payout: {
      /** whole minor units */
      id: string;
      /** whole minor units */
      settlement: string;
      /** 32 bytes in hexadecimal */
      charity: string;
      registration: string;
      unit: string;
      rail: "token" | "bank";
      /** whole minor units */
      from: string;
      /** whole minor units */
      upTo: string;
      /** whole minor units */
      netFrom: string;
      /** whole minor units */
      netTo: string;
      /** whole minor units */
      amount: string;
      written: string;
      /** token: intended, then paid or failed; bank: waiting for the bank, confirmed by it, then paid. A failed payout has given its interval back. */
      state: "intended" | "waiting" | "confirmed" | "paid" | "failed";
      /** of a token payout: why it failed, or what it waits for */
      reason: string | null;
      transaction: string | null;
      createdAt: string;
      paidAt: string | null;
      /** paid by bank, and not signed for by the charity: the operator's word so far */
      claimed: boolean;
      /** paid by bank, and returned by it afterwards: it is sent again, and not with the charity yet */
      cameBack: boolean;
      /** for how long it has been claimed */
      ageSeconds: number | null;
    };
    PeriodReport: {
      /** of the document, which is at /v1/documents and, once sealed, among the books */
      hash: string;
      /** whole minor units */
      fromBatch: string;
      /** whole minor units */
      toBatch: string;
      recordedAt: string;
    };
    PhilanthropyListed: {
      /** whole minor units */
      number: string;
      /** of the document: the content of its notice */
      hash: string;
      from: string;
      upTo: string;
      /** the batch that timestamps it */
      batch: string;
      madeAt: string;
    };
    PhilanthropyMade: {
      /** 32 bytes in hexadecimal */
      hash: string;
      /** whole minor units */
      batch: string;
      report: components["schemas"]["PhilanthropyReport"];
    };
    PhilanthropyReport: {
      format: "amanah-philanthropy-report/1";
      [name: string]: unknown;
    };
    Pledge: {
      /** 32 bytes in hexadecimal */
      id: string;
      terms: { [name: string]: unknown };
      legalDonor: string;
      accepted: boolean;
      acceptedBy: string[];
      endedAt: string | null;
      createdAt: string;
    };
    Pool: {
      /** 32 bytes in hexadecimal */
      id: string;
      terms: { [name: string]: unknown };
      accepted: boolean;
      /** committed for good, in batches that are sealed */
      funded: string;
      /** given for steps so far, and at the end what was left */
      used: string;
      /** whole minor units */
      left: string;
      /** how many steps it has paid for */
      steps: string;
      /** the last day, by the pool's clock, that it paid on, and what it paid then */
      lastDay: {
        day: string;
        /** whole minor units */
        used: string;
      } | null;
      createdAt: string;
      /** when what was left was given */
      endedAt: string | null;
    };
    Problem: {
      /** urn:amanah:problem: and a stable code */
      type: string;
      title: string;
      status: number;
      detail: string;
      errors?: {
        field: string;
        wanted: string;
        came: string;
      }[];
      [name: string]: unknown;
    };
    /** The operator's word that the receipt will be recorded: keep it; a contract holds the operator to it */
    Promise: {
      /** the receipt's leaf, as its batch will hold it */
      leaf: string;
      /** keccak-256 of the charity's registration */
      charity: string;
      unit: string;
      /** 0 gift, 1 reversal */
      kind: number;
      /** whole minor units */
      amount: string;
      /** Unix seconds: by when the receipt is in an anchored batch */
      deadline: string;
      /** siblings from the promise's leaf to the root that was signed, pairs sorted */
      path: string[];
      /** of the EIP-712 data `Promises(bytes32 root,uint64 deadline)` in the ledger's domain */
      signature: string;
    };
    Receipt: {
      format: string;
      /** a receipt's id, 16 bytes */
      id?: string;
      /** 32 bytes in hexadecimal */
      leaf: string;
      /** whole minor units */
      amount: string;
      batch: string | null;
      /** when the details were erased */
      erased?: string;
      /** opened by the receipt's key alone; null when none was given */
      promise?: components["schemas"]["Promise"] | null;
      /** what the gift follows from, and the proof that its batch's root holds its notice; opened by the receipt's key alone; null for a reversal, or while that batch has no root */
      terms?: {
        document: { [name: string]: unknown };
        /** whole minor units */
        batch: string;
        notice: {
          kind: string;
          /** 32 bytes in hexadecimal */
          subject: string;
          /** 32 bytes in hexadecimal */
          content: string;
        };
        proof: string[];
        [name: string]: unknown;
      } | null;
      status: components["schemas"]["ReceiptStatus"];
      [name: string]: unknown;
    };
    ReceiptStatus: {
      stage: "recorded" | "sealed" | "anchored" | "final";
      money: ("given" | "paid" | "acknowledged" | "spent" | "reversed" | "netted") | null;
      start: string | null;
      end: string | null;
      /** whole minor units */
      refunded: string;
      reversals: {
        /** a receipt's id, 16 bytes */
        id: string;
        /** whole minor units */
        amount: string;
      }[];
      /** the fault that was proven of the line, as last read; null when there is none */
      fault: ("overlap" | "gap" | "skip" | "twice" | "malformed" | "false-sum" | "false-receipt") | null;
      /** that brought the money to the charity */
      payout: components["schemas"]["RecordedPayout"] | null;
      /** with which the charity has signed for it */
      acknowledgement: ({
        /** whole minor units */
        from: string;
        /** whole minor units */
        upTo: string;
        signedAt: string;
        transaction: string | null;
      }) | null;
      reports: ({
        /** 32 bytes in hexadecimal */
        hash: string;
        document: string;
        reportedAt: string;
        transaction: string | null;
        /** whole minor units */
        from: string;
        /** whole minor units */
        upTo: string;
        /** those that the gift fell into */
        parts: {
          /** whole minor units */
          from: string;
          /** whole minor units */
          upTo: string;
          project: string;
          place: {
            country: string;
            name: string;
            [name: string]: unknown;
          };
          bought: {
            what: string;
            count: string;
            measure: string;
          }[];
          /** how many people it reached, where that was counted */
          beneficiaries?: number;
          note?: string;
        }[];
      })[];
    };
    RecordedPayout: {
      rail: "token" | "bank";
      /** whole minor units */
      upTo: string;
      paidAt: string;
      /** the operator's word alone: by bank, and the charity has not signed for it yet */
      claimed: boolean;
      /** since it was recorded */
      ageSeconds: number;
      /** in which the contract recorded it */
      transaction: string | null;
    };
    Session: {
      /** `Authorization: Bearer`; shown this once */
      token: string;
      expiresAt: string;
      /** for which it speaks, by registration id */
      charities: string[];
    };
    Settlement: {
      /** whole minor units */
      id: string;
      askedBy: "operator" | "schedule";
      state: "proving" | "deciding" | "paying" | "done";
      startedAt: string;
      endedAt: string | null;
      linesLookedAt: number;
      /** on how many lines nothing was paid, by reason */
      unpaid: { [name: string]: number };
    };
    SettlementInDetail: {
      /** whole minor units */
      id: string;
      askedBy: "operator" | "schedule";
      state: "proving" | "deciding" | "paying" | "done";
      startedAt: string;
      endedAt: string | null;
      linesLookedAt: number;
      /** on how many lines nothing was paid, by reason */
      unpaid: { [name: string]: number };
      /** all that there are */
      lines: number;
      /** while the run is proving */
      proofsUnderWay: number | null;
      payouts: {
        unit: string;
        state: string;
        payouts: number;
        /** whole minor units */
        amount: string;
        written: string;
      }[];
      /** lines whose money does not move, and why; at most 1,000 */
      setAside: ({
        /** 32 bytes in hexadecimal */
        charity: string;
        registration: string;
        unit: string;
        payout: string | null;
        reason: string;
      })[];
    };
    SettlementPreview: {
      line: number;
      /** 32 bytes in hexadecimal */
      charity: string;
      registration: string;
      unit: string;
      rail: "token" | "bank";
      /** what would be paid; null when nothing would */
      amount: string | null;
      written: string | null;
      /** why nothing would be paid */
      unpaid: string | null;
      /** sealed, and not proven to the contract yet: a run does that first, and pays it too */
      unproven: string;
    };
    Shop: {
      id: string;
      name: string;
      legalDonor: string;
      /** the last batch that is counted */
      toBatch: string;
      pledges: ({
        /** 32 bytes in hexadecimal */
        id: string;
        terms: { [name: string]: unknown };
        accepted: boolean;
        endedAt: string | null;
        /** whole minor units */
        gifts: string;
        /** whole minor units */
        given: string;
        /** whole minor units */
        reversed: string;
      })[];
      outcomes: {
        charity: string;
        name: string;
        what: string;
        unit: string;
        whole: string;
        numerator: string;
        denominator: string;
        /** as the charity's reports say, of all that it was given */
        served: string;
      }[];
    };
    ShopSystem: {
      system: "shopify" | "woocommerce";
      since: string;
      /** until when the secret before counts too */
      formerUntil: string | null;
    };
    SignInOffer: {
      nonce: string;
      expiresAt: string;
      domain: string;
      uri: string;
      chainId: number;
    };
    SpendingReport: {
      format: string;
      [name: string]: unknown;
    };
    Statement: {
      /** whole minor units */
      batch: string;
      /** 32 bytes in hexadecimal */
      charity: string;
      registration: string;
      /** the charity's, as it is registered here; not part of what is hashed */
      name: string;
      unit: string;
      kind: number;
      /** whole minor units */
      from: string;
      /** whole minor units */
      to: string;
      /** whole minor units */
      previous: string;
      /** whole minor units */
      receipts: string;
      /** 32 bytes in hexadecimal */
      receiptsRoot: string;
    };
    StepsRules: {
      /** of the document: what receipts of steps name as their terms */
      hash: string;
      /** the batch whose notice names it; null before the first donation */
      batch: string | null;
      /** the document: goal, caps, what is refused, and the patterns that flag; counts are of steps */
      rules: {
        format: string;
        [name: string]: unknown;
      };
    };
    Token: {
      unit: string;
      token: string;
      /** decimal places of the unit, by ISO 4217 */
      exponent: number;
      /** forgotten: it lived on a demonstration chain that has stopped; name the token again */
      state: "intended" | "sent" | "mined" | "final" | "failed" | "forgotten";
      failure: string | null;
      transaction: string | null;
    };
    Transfer: {
      endToEndId: string;
      /** whole minor units */
      payout: string;
      attempt: number;
      registration: string;
      currency: string;
      /** whole minor units */
      amount: string;
      state: "filed" | "confirmed" | "returned" | "bounced";
      /** whole minor units */
      file: string;
      reference: string | null;
      reason: string | null;
      filedAt: string;
      confirmedAt: string | null;
      returnedAt: string | null;
    };
    TypedData: {
      domain: { [name: string]: unknown };
      primaryType?: string;
      message: { [name: string]: string };
      [name: string]: unknown;
    };
    VolunteerYear: {
      year: number;
      kinds: {
        kind: string;
        tenths: number;
        counted: number;
        hours: string;
      }[];
      counted: {
        tenths: number;
        hours: string;
      };
      goal: {
        tenths: number;
        hours: string;
      };
      missing: {
        tenths: number;
        hours: string;
      };
      reached: boolean;
    };
    Webhook: {
      id: string;
      url: string;
      events: ("receipt.recorded" | "batch.anchored" | "payout.paid" | "payout.acknowledged" | "disbursement.published")[];
      createdAt: string;
      /** null when the last message was taken */
      failingSince: string | null;
      disabledAt: string | null;
      disabledReason: string | null;
      formerSecretUntil: string | null;
    };
  };
}
