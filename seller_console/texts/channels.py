"""Thai words for the channels."""

THAI = {
    "Connected": "เชื่อมต่อแล้ว",
    "Disconnected": "ยกเลิกการเชื่อมต่อแล้ว",
    "Does not work": "ใช้งานไม่ได้",
    "Pauses": "หยุดพักชั่วคราว",
    "Connect your shop's Facebook Page, and customers are answered in Messenger.": "เชื่อมต่อเพจ Facebook ของร้าน แล้วระบบจะตอบลูกค้าใน Messenger",
    "Last heard of": "ได้รับข้อมูลล่าสุด",
    "Nothing has come from it yet": "ยังไม่เคยได้รับข้อมูลจากเพจ",
    "no texts for notices yet": "ยังไม่มีข้อความแจ้งเตือน",
    "Connect a Page": "เชื่อมต่อเพจ",
    "New secrets for %(page)s": "ชื่อและโทเค็นของ %(page)s",
    "Set on %(when)s. Leave it empty to keep it.": "ตั้งไว้เมื่อ %(when)s เว้นว่างไว้ถ้าไม่เปลี่ยน",
    "The Page could not be connected; nothing was changed. Secrets are never sent back to the page, so please enter them again.": (
        "เชื่อมต่อเพจไม่สำเร็จ ยังไม่มีอะไรเปลี่ยนแปลง เพื่อความปลอดภัยระบบไม่แสดงโทเค็นและ app secret กลับมา กรุณาใส่อีกครั้งค่ะ"
    ),
    "Where do I find these?": "หาข้อมูลเหล่านี้ได้ที่ไหน",
    "At developers.facebook.com create an app with Messenger and connect your Page to it.": "ที่ developers.facebook.com สร้างแอปที่มี Messenger แล้วเชื่อมเพจของร้านกับแอป",
    "Generate a Page access token there, best a long-lived one of a system user.": "สร้าง Page access token ที่นั่น ควรใช้แบบไม่หมดอายุของ system user",
    "App id and app secret stand in the app's basic settings.": "App id และ app secret อยู่ในหน้าการตั้งค่าพื้นฐานของแอป",
    "The Page id stands on the Page under About, and beside the token.": "Page id อยู่ในหน้าเกี่ยวกับของเพจ และอยู่ข้างโทเค็น",
    "Name of the Page": "ชื่อเพจ",
    "What the console calls this Page.": "ชื่อที่ใช้เรียกเพจนี้ในระบบ",
    "Page id": "Page id (หมายเลขเพจ)",
    "Digits only.": "ตัวเลขเท่านั้น",
    "Page access token": "โทเค็นของเพจ (Page access token)",
    "It lets Talad write for the Page; it is stored encrypted and never shown again.": "ใช้ส่งข้อความแทนเพจ เก็บแบบเข้ารหัสและจะไม่แสดงอีก",
    "App secret": "รหัสลับของแอป (App secret)",
    "It proves that what comes is from Meta.": "ใช้ยืนยันว่าข้อมูลมาจาก Meta จริง",
    "App id": "App id (หมายเลขแอป)",
    "Tells the bot's own messages from a person's. Digits only.": "ใช้แยกข้อความของบอทกับของแอดมิน ตัวเลขเท่านั้น",
    "Verify token": "โทเค็นยืนยัน (Verify token)",
    "Words of your own; the same go into Meta's dashboard.": "ตั้งเองได้ ใส่ให้ตรงกับในหน้าแอปของ Meta",
    "Check and connect": "ตรวจและเชื่อมต่อ",
    "This is being done. The page shows the result by itself.": "กำลังทำรายการ หน้านี้จะแสดงผลให้เอง",
    "The gateway has not taken this up yet. If this stays so, it may not be running; it is done as soon as it runs.": (
        "ระบบส่งข้อความ (gateway) ยังไม่รับรายการนี้ ถ้ารอนานแสดงว่าอาจไม่ได้เปิดอยู่ เมื่อเปิดแล้วจะทำให้ทันที"
    ),
    "The Page is connected: Messenger takes its token.": "เชื่อมต่อเพจแล้ว Messenger รับโทเค็นเรียบร้อย",
    "The Page is disconnected. Nothing is answered or sent there; orders and customers stay.": "ยกเลิกการเชื่อมต่อเพจแล้ว จะไม่ตอบหรือส่งข้อความในเพจนี้ คำสั่งซื้อและลูกค้ายังอยู่ครบ",
    "The Page is in use again. Messages that waited are being sent.": "กลับมาใช้เพจนี้แล้ว ข้อความที่รออยู่กำลังถูกส่ง",
    "Copy": "คัดลอก",
    "State": "สถานะ",
    "Messages wait and nothing is lost. When it is mended, let the Page go on.": "ข้อความรออยู่ ไม่มีอะไรหาย เมื่อแก้แล้วให้กดใช้เพจต่อ",
    "Messenger asks for a pause; it goes on by itself at": "Messenger ขอให้หยุดพัก จะส่งต่อให้เองเมื่อ",
    "not known": "ไม่ทราบ",
    "set on": "ตั้งไว้เมื่อ",
    "set": "ตั้งไว้แล้ว",
    "Use the Page again": "ใช้เพจนี้ต่อ",
    "Change name or secrets": "แก้ชื่อหรือโทเค็น",
    "For Meta's dashboard": "สำหรับหน้าแอปของ Meta",
    "In your app under Messenger → Webhooks, as the callback.": "ในแอปของคุณ ที่ Messenger → Webhooks ใส่เป็น callback",
    "Meta takes only https addresses. Whoever runs the server sets TALAD_PUBLIC_URL.": "Meta รับเฉพาะที่อยู่ https ให้ผู้ดูแลเซิร์ฟเวอร์ตั้ง TALAD_PUBLIC_URL",
    "The Page's secrets were stored with another TALAD_SECRET_KEY. Please enter all of them again.": "โทเค็นและรหัสลับของเพจเข้ารหัสด้วย TALAD_SECRET_KEY ตัวอื่น กรุณาใส่ใหม่ทั้งหมด",
    "Callback address": "ที่อยู่ callback",
    "Setting up": "ตั้งค่าเพจ",
    "Sets the start button, greeting and menu, has the Page send its messages here, and hands in the texts of notices. It may be repeated at any time.": (
        "ตั้งปุ่มเริ่มต้น ข้อความทักทาย และเมนู ให้เพจส่งข้อความมาที่ระบบ และส่งข้อความแจ้งเตือนให้ Meta อนุมัติ ทำซ้ำได้ทุกเมื่อ"
    ),
    "Set up the Page": "ตั้งค่าเพจ",
    "Done:": "สำเร็จ:",
    "To fix:": "ต้องแก้:",
    "The other %(steps)s steps went well": "อีก %(steps)s ขั้นสำเร็จ",
    "Last done": "ทำล่าสุดเมื่อ",
    "Test message": "ข้อความทดสอบ",
    "This customer cannot be written to any more. Nothing was sent.": "ส่งถึงลูกค้าคนนี้ไม่ได้แล้ว ยังไม่ได้ส่งอะไร",
    "The last one was sent": "ส่งครั้งล่าสุดสำเร็จเมื่อ",
    "The last one did not arrive:": "ครั้งล่าสุดส่งไม่ถึง:",
    "To somebody who wrote within 24 hours": "ส่งถึงคนที่ทักมาใน 24 ชั่วโมง",
    "Send a test message": "ส่งข้อความทดสอบ",
    "Write to the Page from your own Facebook account first: Messenger lets a shop write only to those who wrote within 24 hours.": (
        "ทักเพจจากบัญชี Facebook ของคุณเองก่อน เพราะ Messenger ให้ส่งถึงเฉพาะคนที่ทักมาใน 24 ชั่วโมง"
    ),
    "Disconnect": "ยกเลิกการเชื่อมต่อ",
    "Disconnect…": "ยกเลิกการเชื่อมต่อ…",
    "Yes, disconnect %(page)s": "ใช่ ยกเลิกการเชื่อมต่อ %(page)s",
    "What happens then:": "เมื่อยกเลิกแล้ว:",
    "The bot goes silent. Who writes to the Page is answered only by you, in the Page's inbox at Facebook.": (
        "บอทจะหยุดตอบ ลูกค้าที่ทักเพจมา ต้องตอบเองในกล่องข้อความของเพจใน Facebook"
    ),
    "Menu, start button and greeting disappear from Messenger.": "เมนู ปุ่มเริ่มต้น และคำทักทายจะหายไปจาก Messenger",
    "Orders, customers and chats stay. Customers get no more news of their orders by chat; such orders are marked “Customer not told”.": (
        "คำสั่งซื้อ ลูกค้า และแชทยังอยู่ครบ แต่ลูกค้าจะไม่ได้รับแจ้งเรื่องคำสั่งซื้อทางแชท คำสั่งซื้อเหล่านั้นจะขึ้นว่า “ยังไม่ได้แจ้งลูกค้า”"
    ),
    "Messages that still wait stay here, and go out when you use the Page again.": "ข้อความที่รอส่งจะเก็บไว้ และส่งเมื่อกลับมาใช้เพจ",
    "You may use the Page again at any time: menu, greeting and messages come back by themselves.": (
        "กลับมาใช้เพจนี้ได้ทุกเมื่อ เมนู คำทักทาย และการรับข้อความจะกลับมาเอง"
    ),
    "The Page is in use again. Menu and greeting come back, and messages that waited are being sent.": (
        "กลับมาใช้เพจนี้แล้ว กำลังใส่เมนูและคำทักทายกลับ และส่งข้อความที่รออยู่"
    ),
    "The menu may still be shown there.": "ลูกค้าอาจยังเห็นเมนูอยู่",
    "Messages that wait here: %(count)s. They go out when you use the Page again; to customers who were silent for 24 hours Messenger then takes only approved notices.": (
        "มีข้อความรอส่ง %(count)s ข้อความ จะส่งเมื่อกลับมาใช้เพจ ถ้าลูกค้าไม่ได้ทักมาเกิน 24 ชั่วโมง Messenger จะรับเฉพาะข้อความแจ้งที่อนุมัติแล้ว"
    ),
    "Take the menu out of Messenger": "เอาเมนูออกจาก Messenger",
    "This Page is disconnected, so nobody can be written to here. Please answer in the Page's inbox at Facebook.": (
        "ยกเลิกการเชื่อมต่อเพจนี้แล้ว จึงส่งข้อความจากที่นี่ไม่ได้ กรุณาตอบในกล่องข้อความของเพจใน Facebook"
    ),
    "Notices after 24 hours": "การแจ้งลูกค้าหลัง 24 ชั่วโมง",
    "When a customer was silent for 24 hours, Messenger takes only texts that Meta has approved for your Page.": (
        "เมื่อลูกค้าไม่ได้ทักมาเกิน 24 ชั่วโมง Messenger รับเฉพาะข้อความที่ Meta อนุมัติให้เพจของคุณแล้วเท่านั้น"
    ),
    "They are not created yet: set the Page up.": "ยังไม่ได้สร้างข้อความ กด “ตั้งค่าเพจ” เพื่อสร้าง",
    "Those that are not approved": "ข้อความที่ยังไม่อนุมัติ",
    "%(approved)s of %(all)s approved": "อนุมัติแล้ว %(approved)s จาก %(all)s ข้อความ",
    "being checked by Meta": "Meta กำลังตรวจ",
    "rejected": "ไม่อนุมัติ",
    "not accepted by Meta": "Meta ไม่รับ",
    "paused by Meta": "Meta หยุดไว้ชั่วคราว",
    "switched off by Meta": "Meta ปิดการใช้งาน",
    "Look at it under “Message templates” in Meta Business Suite, or ask for a review there. Until then customers who were silent are told by themselves only when they write again.": (
        "ดูได้ที่ “เทมเพลตข้อความ” ใน Meta Business Suite หรือขอให้ตรวจอีกครั้งที่นั่น ระหว่างนี้ลูกค้าที่ไม่ได้ทักมาจะได้รับแจ้งเมื่อทักมาอีกครั้ง"
    ),
}
