package wire

import "strings"

// What all messages have in common (SAML Core, 3.2.1 and 3.2.2).
// A message that is held against its shape was verified, and its signature is gone.
var (
	issuerShape = &shape{section: "SAML Profiles, 4.1.4.1", text: isIssuer, attributes: []wanted{
		may("Format", oneOf(FormatEntity)),
		may("NameQualifier", never), may("SPNameQualifier", never), may("SPProvidedID", never),
	}}
	unreadShape = &shape{unread: true}

	header = []wanted{
		must("ID", isID), must("Version", isVersion), must("IssueInstant", isInstant),
		may("Destination", isURI), may("Consent", isURI),
	}
	request  = []particle{one(nsAssertion, "Issuer", issuerShape), optional(nsProtocol, "Extensions", unreadShape)}
	response = append([]wanted{may("InResponseTo", isID)}, header...)
)

// isVersion always holds: what comes with another version has its own status.
func isVersion(string) bool { return true }

// never refuses an attribute that the schema has and the profile does not.
func never(string) bool { return false }

// isIssuer is an entity ID (SAML Core, 8.3.6).
func isIssuer(s string) bool {
	return s != "" && len(s) <= maxIdentifier && !strings.ContainsAny(s, blanks) && isAbsolute(s)
}

// anything is text that may be empty.
func anything(s string) bool { return len(s) <= maxValue }

// Names of subjects (SAML Core, 2.2).
var (
	nameIDShape = &shape{section: "SAML Core, 2.2.3", text: isString, attributes: []wanted{
		may("Format", isURI), may("NameQualifier", isString), may("SPNameQualifier", isString), may("SPProvidedID", isString),
	}}
	subjectShape = &shape{section: "SAML Core, 2.4.1", content: []particle{
		{1, 1, []named{
			{nsAssertion, "NameID", nameIDShape},
			{nsAssertion, "BaseID", unreadShape},
			{nsAssertion, "EncryptedID", unreadShape},
		}},
		many(nsAssertion, "SubjectConfirmation", unreadShape),
	}}
)

// AuthnRequest (SAML Core, 3.4.1).
var (
	uriText = &shape{section: "SAML Core, 1.3.2", text: isURI}

	conditionsShape = &shape{section: "SAML Core, 2.5.1",
		attributes: []wanted{may("NotBefore", isInstant), may("NotOnOrAfter", isInstant)},
		content: []particle{{0, -1, []named{
			{nsAssertion, "AudienceRestriction", &shape{section: "SAML Core, 2.5.1.4",
				content: []particle{{1, -1, []named{{nsAssertion, "Audience", uriText}}}}}},
			{nsAssertion, "OneTimeUse", &shape{section: "SAML Core, 2.5.1.5"}},
			{nsAssertion, "ProxyRestriction", &shape{section: "SAML Core, 2.5.1.6",
				attributes: []wanted{may("Count", isCount)}, content: []particle{many(nsAssertion, "Audience", uriText)}}},
		}}},
	}
	contextShape = &shape{section: "SAML Core, 3.3.2.2.1", sub: NoAuthnContext,
		attributes: []wanted{may("Comparison", oneOf("exact", "minimum", "maximum", "better"))},
		content: []particle{{1, -1, []named{
			{nsAssertion, "AuthnContextClassRef", uriText},
			{nsAssertion, "AuthnContextDeclRef", uriText},
		}}},
	}
	scopingShape = &shape{section: "SAML Core, 3.4.1.2",
		attributes: []wanted{may("ProxyCount", isCount)},
		content: []particle{
			optional(nsProtocol, "IDPList", &shape{section: "SAML Core, 3.4.1.3", content: []particle{
				{1, -1, []named{{nsProtocol, "IDPEntry", &shape{section: "SAML Core, 3.4.1.3.1",
					attributes: []wanted{must("ProviderID", isURI), may("Name", isString), may("Loc", isURI)}}}}},
				optional(nsProtocol, "GetComplete", uriText),
			}}),
			many(nsProtocol, "RequesterID", uriText),
		},
	}
	policyShape = &shape{section: "SAML Core, 3.4.1.1", sub: InvalidNameIDPolicy, attributes: []wanted{
		may("Format", isURI), may("SPNameQualifier", isString), may("AllowCreate", isBoolean),
	}}

	authnRequestShape = &shape{section: "SAML Core, 3.4.1",
		attributes: append([]wanted{
			may("ForceAuthn", isBoolean), may("IsPassive", isBoolean), may("ProtocolBinding", isURI),
			may("AssertionConsumerServiceIndex", isShort), may("AssertionConsumerServiceURL", isURI),
			may("AttributeConsumingServiceIndex", isShort), may("ProviderName", isString),
		}, header...),
		content: append(request[:2:2],
			optional(nsAssertion, "Subject", subjectShape), optional(nsProtocol, "NameIDPolicy", policyShape),
			optional(nsAssertion, "Conditions", conditionsShape), optional(nsProtocol, "RequestedAuthnContext", contextShape),
			optional(nsProtocol, "Scoping", scopingShape)),
	}
)

// What eIDAS adds to it (eIDAS SAML Message Format 1.2, 2.3).
var (
	serviceTypeShape = &shape{section: "eIDAS SAML Message Format 1.2, 2.3.2", text: oneOf("public", "private")}
	requestedShape   = &shape{section: "eIDAS SAML Message Format 1.2, 2.3.1", content: []particle{
		many(nsEIDAS, "RequestedAttribute", &shape{section: "eIDAS SAML Message Format 1.2, 2.3.1", foreign: true,
			attributes: []wanted{must("Name", isURI), must("NameFormat", isURI), may("FriendlyName", isString), must("isRequired", isBoolean)},
			content:    []particle{many(nsEIDAS, "AttributeValue", &shape{section: "eIDAS SAML Message Format 1.2, 2.3.1", foreign: true, text: anything})},
		}),
	}}
)

// The other messages.
var (
	logoutRequestShape = &shape{section: "SAML Core, 3.7.1",
		attributes: append([]wanted{may("Reason", isString), may("NotOnOrAfter", isInstant)}, header...),
		content: append(request[:2:2], subjectShape.content[0],
			many(nsProtocol, "SessionIndex", &shape{section: "SAML Core, 3.7.1", text: isString})),
	}
	codeShape = &shape{section: "SAML Core, 3.2.2.2", attributes: []wanted{must("Value", isURI)},
		content: []particle{optional(nsProtocol, "StatusCode", &shape{section: "SAML Core, 3.2.2.2",
			attributes: []wanted{must("Value", isURI)},
			content:    []particle{optional(nsProtocol, "StatusCode", &shape{section: "SAML Core, 3.2.2.2", open: true, attributes: []wanted{must("Value", isURI)}})}})},
	}
	statusShape = &shape{section: "SAML Core, 3.2.2.1", content: []particle{
		one(nsProtocol, "StatusCode", codeShape),
		optional(nsProtocol, "StatusMessage", &shape{section: "SAML Core, 3.2.2.3", text: anything}),
		optional(nsProtocol, "StatusDetail", unreadShape),
	}}
	logoutResponseShape = &shape{section: "SAML Core, 3.7.2", attributes: response,
		content: append(request[:2:2], one(nsProtocol, "Status", statusShape))}
	artifactResolveShape = &shape{section: "SAML Core, 3.5.1", attributes: header,
		content: append(request[:2:2], one(nsProtocol, "Artifact", &shape{section: "SAML Core, 3.5.1", text: isString}))}
)
