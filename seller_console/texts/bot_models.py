"""Thai words for the models of the bot: training, what a model understands, publishing. Meanings: training.words."""

THAI = {
    "Models of the bot": "โมเดลของบอท",
    "Models": "โมเดล",
    "Model %(number)s": "โมเดล %(number)s",
    "In use": "ใช้งานอยู่",
    "Being made": "กำลังสร้าง",
    "Could not be made": "สร้างไม่สำเร็จ",
    "Could not be loaded": "โหลดไม่สำเร็จ",
    "No longer kept": "ไม่มีเก็บไว้แล้ว",
    "Of other files": "สร้างจากไฟล์ชุดอื่น",
    "Was in use": "เคยใช้งาน",
    "Something got worse": "มีบางอย่างแย่ลง",
    "Not compared with the one in use": "ยังไม่ได้เทียบกับตัวที่ใช้อยู่",
    "Ready to publish": "พร้อมเผยแพร่",
    "Collecting what was taught": "กำลังรวบรวมสิ่งที่สอน",
    "The bot is learning": "บอทกำลังเรียนรู้",
    "Examining the model in use": "กำลังทดสอบโมเดลที่ใช้อยู่",
    "Examining the new model": "กำลังทดสอบโมเดลใหม่",
    "Drawing the picture": "กำลังสร้างภาพสรุป",
    "Putting it away": "กำลังจัดเก็บ",
    "Waiting for its turn": "รอคิว",
    "How far the training is": "ความคืบหน้าการเรียนรู้",
    "This takes some minutes. You may leave this page; customers are answered as before.": (
        "ใช้เวลาสักครู่ ออกจากหน้านี้ได้ ลูกค้ายังได้รับคำตอบตามปกติค่ะ"
    ),
    "Look again": "ดูอีกครั้ง",
    "Rasa could not learn from this. A file of the bot may be broken, or something odd was taught last: look at it under “Taught”, take it back, and train again. Else ask your operator; the log of the gateway says more.": (
        "Rasa เรียนจากข้อมูลนี้ไม่ได้ ไฟล์ของบอทอาจเสีย หรือสิ่งที่สอนล่าสุดมีปัญหา ดูที่ “สอนแล้ว” ยกเลิกรายการนั้นแล้วฝึกใหม่ ถ้ายังไม่ได้ให้แจ้งผู้ดูแลระบบ รายละเอียดอยู่ในบันทึกของ gateway ค่ะ"
    ),
    "It was made, but could not be examined. Train again; if that does not help, ask your operator.": (
        "สร้างแล้วแต่ทดสอบไม่ได้ ลองฝึกใหม่ ถ้ายังไม่ได้กรุณาแจ้งผู้ดูแลระบบค่ะ"
    ),
    "It took far too long, so it was stopped. The machine may be busy: train again later.": (
        "ใช้เวลานานเกินไปจึงหยุดไว้ เครื่องอาจทำงานหนัก ลองฝึกใหม่ภายหลังค่ะ"
    ),
    "The machine has no space left. Ask your operator.": "พื้นที่ในเครื่องเต็ม กรุณาแจ้งผู้ดูแลระบบค่ะ",
    "It was begun several times and never finished. The machine may have too little memory: ask your operator.": (
        "เริ่มหลายครั้งแล้วแต่ไม่เสร็จ หน่วยความจำของเครื่องอาจไม่พอ กรุณาแจ้งผู้ดูแลระบบค่ะ"
    ),
    "Something went wrong that nobody expected. Train again; if that does not help, ask your operator.": (
        "เกิดข้อผิดพลาดที่ไม่คาดคิด ลองฝึกใหม่ ถ้ายังไม่ได้กรุณาแจ้งผู้ดูแลระบบค่ะ"
    ),
    "better": "ดีขึ้น",
    "worse": "แย่ลง",
    "the same": "เท่าเดิม",
    "Of 100 messages it had never seen it understood %(now)s.": "จากข้อความ 100 ข้อความที่ไม่เคยเห็น เข้าใจถูก %(now)s ข้อความ",
    "The model before: %(before)s.": "โมเดลก่อนหน้า %(before)s",
    "Made from the files by the operator, and not examined here.": "ผู้ดูแลระบบสร้างจากไฟล์ ไม่ได้ทดสอบที่นี่",
    "A training is under way already, so none was begun. It learns all that was taught until it began.": (
        "กำลังฝึกอยู่แล้ว จึงไม่ได้เริ่มใหม่ รอบนี้เรียนทุกอย่างที่สอนไว้ก่อนเริ่มค่ะ"
    ),
    "The next training": "การฝึกครั้งต่อไป",
    "asked for by": "สั่งโดย",
    "%(count)s messages were taught since.": "หลังจากนั้นสอนเพิ่มอีก %(count)s ข้อความ",
    "One newly taught message waits to be learnt.": "มีข้อความที่สอนใหม่ 1 ข้อความ รอให้บอทเรียน",
    "%(count)s newly taught messages wait to be learnt.": "มีข้อความที่สอนใหม่ %(count)s ข้อความ รอให้บอทเรียน",
    "Nothing new was taught since the last training. Names of new products are learnt by a training, too.": (
        "ยังไม่มีอะไรสอนใหม่ตั้งแต่ฝึกครั้งล่าสุด ชื่อสินค้าใหม่บอทก็เรียนตอนฝึกเช่นกัน"
    ),
    "Train now": "ฝึกบอทตอนนี้",
    "A new model is made and examined. Customers notice nothing until you publish it.": (
        "ระบบจะสร้างโมเดลใหม่และทดสอบให้ ลูกค้าจะไม่เห็นความเปลี่ยนแปลงจนกว่าคุณจะเผยแพร่"
    ),
    "Answers customers now": "ตัวที่ตอบลูกค้าอยู่ตอนนี้",
    "All models": "โมเดลทั้งหมด",
    "from the files": "สร้างจากไฟล์",
    "%(count)s taught messages": "ข้อความที่สอน %(count)s ข้อความ",
    "Use this one again": "กลับไปใช้ตัวนี้",
    "Look and publish": "ดูผลและเผยแพร่",
    "No model has been made here yet. The one that the bot started with was made from the files; it answers until you publish another one.": (
        "ยังไม่เคยสร้างโมเดลที่นี่ ตัวที่บอทใช้ตั้งแต่ต้นสร้างจากไฟล์ และจะตอบลูกค้าต่อไปจนกว่าคุณจะเผยแพร่ตัวใหม่ค่ะ"
    ),
    "More models": "โมเดลเพิ่มเติม",
    "What came of it": "ผลที่ได้",
    "It answers customers since %(when)s.": "ใช้ตอบลูกค้าตั้งแต่ %(when)s",
    "The bot takes it over within a few seconds, and no message is lost.": "บอทจะเปลี่ยนมาใช้ภายในไม่กี่วินาที ไม่มีข้อความสูญหายค่ะ",
    "Rasa could not load it, so the model before it still answers. Ask your operator, or train again.": (
        "Rasa โหลดโมเดลนี้ไม่ได้ โมเดลก่อนหน้ายังตอบลูกค้าอยู่ กรุณาแจ้งผู้ดูแลระบบหรือฝึกใหม่ค่ะ"
    ),
    "It cannot be published, because something important got worse:": "เผยแพร่ไม่ได้ เพราะมีเรื่องสำคัญที่แย่ลง:",
    "Look below at what is understood worse. Often a message was taught with the wrong meaning: take it back. Or teach more examples of what got worse. Then train again.": (
        "ดูด้านล่างว่าข้อความไหนเข้าใจแย่ลง มักเกิดจากสอนความหมายผิด ให้ยกเลิกข้อความนั้น หรือสอนตัวอย่างของเรื่องที่แย่ลงเพิ่ม แล้วฝึกใหม่ค่ะ"
    ),
    "It was made of other files than those in use now, as before an update, and cannot be published. Train again: what was taught is all there still.": (
        "โมเดลนี้สร้างจากไฟล์คนละชุดกับที่ใช้อยู่ เช่น ก่อนอัปเดตระบบ จึงเผยแพร่ไม่ได้ กรุณาฝึกใหม่ สิ่งที่สอนไว้ยังอยู่ครบค่ะ"
    ),
    "Another model was published since it was examined, so nobody knows whether it is better. Train again to compare.": (
        "มีการเผยแพร่โมเดลอื่นหลังจากทดสอบตัวนี้ จึงไม่รู้ว่าตัวไหนดีกว่า กรุณาฝึกใหม่เพื่อเทียบกันค่ะ"
    ),
    "It is no longer kept and cannot be published. Train again instead.": "ไม่มีไฟล์โมเดลนี้เก็บไว้แล้ว จึงเผยแพร่ไม่ได้ กรุณาฝึกใหม่ค่ะ",
    "Nothing important got worse.": "ไม่มีเรื่องสำคัญที่แย่ลง",
    "Publish: let it answer customers": "เผยแพร่: ให้ตัวนี้ตอบลูกค้า",
    "You can go back to the present one with one tap.": "กลับไปใช้ตัวปัจจุบันได้ด้วยการแตะครั้งเดียว",
    "By language": "แยกตามภาษา",
    "Understood of 100": "เข้าใจถูก จาก 100",
    "The same for people who know statistics": "ตัวเลขสำหรับผู้รู้สถิติ",
    "Meanings, macro-F1": "ความหมาย (macro-F1)",
    "What is named, F1": "คำที่ระบุ (F1)",
    "Foreign ones noticed, recall": "รู้ว่าไม่เกี่ยวกับร้าน (recall)",
    "Wishes not passed by": "ไม่มองข้ามสิ่งที่ลูกค้าต้องการ",
    "By meaning": "แยกตามความหมาย",
    "What got worse most stands first. F1 also counts what was wrongly taken for it. The number after the name says how many messages of the exam mean it.": (
        "ที่แย่ลงมากที่สุดอยู่บนสุด F1 นับรวมข้อความอื่นที่เข้าใจผิดว่าเป็นเรื่องนี้ด้วย ตัวเลขท้ายชื่อคือจำนวนข้อความทดสอบของเรื่องนั้น"
    ),
    "Meaning": "ความหมาย",
    "What is named in messages": "คำที่ระบุในข้อความ",
    "What was taken for what": "เข้าใจผิดเป็นอะไรบ้าง",
    "A row is what was meant, a column what the bot understood. What is right stands on the slope from the upper left; everything beside it was taken for something else.": (
        "แถวคือความหมายจริง คอลัมน์คือสิ่งที่บอทเข้าใจ ที่ถูกต้องอยู่บนเส้นทแยงจากซ้ายบน นอกเส้นคือเข้าใจเป็นอย่างอื่น"
    ),
    "Squares with numbers: how often each meaning was taken for each. The tables above hold the figures.": (
        "ตารางช่องตัวเลข แสดงว่าแต่ละความหมายถูกเข้าใจเป็นอะไรกี่ครั้ง ตัวเลขอยู่ในตารางด้านบน"
    ),
    "The picture, enlarged. Tap it to come closer.": "ภาพขยาย แตะเพื่อดูใกล้ขึ้น",
    "Messages understood otherwise than before": "ข้อความที่เข้าใจต่างจากเดิม",
    "Understood worse now": "เข้าใจแย่ลง",
    "Understood better now": "เข้าใจดีขึ้น",
    "Otherwise, neither better nor worse": "ต่างจากเดิม แต่ไม่ดีขึ้นหรือแย่ลง",
    "Before": "เดิม",
    "Now": "ตอนนี้",
    "Means": "ที่ถูก",
    "and %(count)s more": "และอีก %(count)s ข้อความ",
    "None: it understands every message of the exam as the model before did.": "ไม่มี เข้าใจทุกข้อความทดสอบเหมือนโมเดลก่อนหน้า",
    "There was no other model to compare it with.": "ไม่มีโมเดลอื่นให้เทียบ",
    "made of": "สร้างจาก",
    # what the messages of the exam are, and what can get worse
    "All messages": "ทุกข้อความ",
    "English": "ภาษาอังกฤษ",
    "Thai and English in one": "ไทยปนอังกฤษ",
    "Thai in Latin letters": "ไทยเขียนด้วยตัวอังกฤษ",
    "%(what)s: %(before)s of 100 before, now %(now)s": "%(what)s: เดิมถูก %(before)s จาก 100 ตอนนี้ %(now)s",
    "What messages mean (%(group)s)": "ความหมายของข้อความ (%(group)s)",
    "Messages that mean “%(meaning)s”": "ข้อความที่หมายความว่า “%(meaning)s”",
    "Finding what is named: %(kind)s": "หาคำที่ระบุ: %(kind)s",
    "Finding what is named, all kinds": "หาคำที่ระบุ ทุกชนิด",
    "Noticing what has nothing to do with the shop": "รู้ว่าข้อความไม่เกี่ยวกับร้าน",
    "Not passing by what customers want": "ไม่มองข้ามสิ่งที่ลูกค้าต้องการ",
}
