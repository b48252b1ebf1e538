package wire

// The shapes of metadata, so far as a service's is read (SAML Metadata, 2). What
// says nothing about the service as a relying party is open.
var (
	lifetime      = []wanted{may("ID", isID), may("validUntil", isInstant), may("cacheDuration", isDuration)}
	localizedText = &shape{section: "SAML Metadata, 2.2.4", foreign: true, text: anything}

	endpointAttributes = []wanted{must("Binding", isURI), must("Location", isURI), may("ResponseLocation", isURI)}
	endpointShape      = &shape{section: "SAML Metadata, 2.2.2", foreign: true, open: true, attributes: endpointAttributes}
	indexedShape       = &shape{section: "SAML Metadata, 2.2.3", foreign: true, open: true,
		attributes: append([]wanted{must("index", isShort), may("isDefault", isBoolean)}, endpointAttributes...)}

	keyDescriptorShape = &shape{section: "SAML Metadata, 2.4.1.1",
		attributes: []wanted{may("use", oneOf("signing", "encryption"))},
		content: []particle{
			one(nsSignature, "KeyInfo", &shape{section: "SAML Metadata, 2.4.1.1", attributes: []wanted{may("Id", isID)}, content: []particle{{1, -1, []named{
				{nsSignature, "X509Data", keyShape}, {nsSignature, "KeyName", keyShape}, {nsSignature, "KeyValue", keyShape},
			}}}}),
			many(nsMetadata, "EncryptionMethod", unreadShape),
		},
	}
	consumingShape = &shape{section: "SAML Metadata, 2.4.4.1",
		attributes: []wanted{must("index", isShort), may("isDefault", isBoolean)},
		content: []particle{
			{1, -1, []named{{nsMetadata, "ServiceName", localizedText}}},
			many(nsMetadata, "ServiceDescription", localizedText),
			{1, -1, []named{{nsMetadata, "RequestedAttribute", &shape{section: "SAML Metadata, 2.4.4.2", foreign: true,
				attributes: []wanted{must("Name", isString), may("NameFormat", isURI), may("FriendlyName", anything), may("isRequired", isBoolean)},
				content:    []particle{many(nsAssertion, "AttributeValue", unreadShape)}}}}},
		},
	}
	serviceShape = &shape{section: "SAML Metadata, 2.4.4", foreign: true,
		attributes: append([]wanted{
			must("protocolSupportEnumeration", isString), may("errorURL", isURI),
			may("AuthnRequestsSigned", isBoolean), may("WantAssertionsSigned", isBoolean),
		}, lifetime...),
		content: []particle{
			optional(nsSignature, "Signature", unreadShape), optional(nsMetadata, "Extensions", unreadShape),
			many(nsMetadata, "KeyDescriptor", keyDescriptorShape),
			optional(nsMetadata, "Organization", unreadShape), many(nsMetadata, "ContactPerson", unreadShape),
			many(nsMetadata, "ArtifactResolutionService", indexedShape), many(nsMetadata, "SingleLogoutService", endpointShape),
			many(nsMetadata, "ManageNameIDService", endpointShape), many(nsMetadata, "NameIDFormat", uriText),
			{1, -1, []named{{nsMetadata, "AssertionConsumerService", indexedShape}}},
			many(nsMetadata, "AttributeConsumingService", consumingShape),
		},
	}
	entityShape = &shape{section: "SAML Metadata, 2.3.2", foreign: true,
		attributes: append([]wanted{must("entityID", isIssuer)}, lifetime...),
		content: []particle{
			optional(nsSignature, "Signature", unreadShape), optional(nsMetadata, "Extensions", unreadShape),
			{1, -1, []named{
				{nsMetadata, "SPSSODescriptor", serviceShape}, {nsMetadata, "IDPSSODescriptor", unreadShape},
				{nsMetadata, "RoleDescriptor", unreadShape}, {nsMetadata, "AuthnAuthorityDescriptor", unreadShape},
				{nsMetadata, "AttributeAuthorityDescriptor", unreadShape}, {nsMetadata, "PDPDescriptor", unreadShape},
			}},
			optional(nsMetadata, "Organization", unreadShape), many(nsMetadata, "ContactPerson", unreadShape),
			many(nsMetadata, "AdditionalMetadataLocation", unreadShape),
		},
	}
)
